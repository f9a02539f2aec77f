import { ApiError } from "./errors";

/** Run it after so many milliseconds; the answer takes it back. */
export type Later = (milliseconds: number, run: () => void) => () => void;

export const later: Later = (milliseconds, run) => {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
};

/** How the client names the end of its own patience. */
export const NO_ANSWER = "NoAnswer";

/** A question is given up after so many milliseconds without any answer. */
export const PATIENCE = 30_000;
/** What the store does for thousands of jobs, one by one, takes its time. */
export const LONG_PATIENCE = 300_000;

/**
 * Waits so long for the beginning of an answer; its body may take any time, since it is seen to come. A store that hangs
 * refuses nothing and closes nothing, so that the browser alone would wait for ever.
 */
export async function withPatience(
  patience: number,
  ask: (signal: AbortSignal) => Promise<Response>,
  { later, signal, isReading }: { later: Later; signal: AbortSignal | undefined; isReading: boolean },
): Promise<Response> {
  const ending = new AbortController();
  const takeBack = later(patience, () => ending.abort(givenUp(patience, isReading)));
  try {
    return await ask(signal ? AbortSignal.any([signal, ending.signal]) : ending.signal);
  } finally {
    takeBack();
  }
}

function givenUp(patience: number, isReading: boolean): ApiError {
  const next = isReading
    ? "The page goes on by itself as soon as it does."
    : "It may have done what you asked nevertheless: look before you try again.";
  return new ApiError(0, NO_ANSWER, `The store has not answered for ${patience / 1_000} seconds. ${next}`);
}
