import { parseRefusal } from "../../api/errors";

/**
 * Sending one file. XMLHttpRequest, because `fetch` does not tell how much of a body has left.
 */
export interface Transfer {
  /** Ends it; nothing of the file is kept. */
  cancel(): void;
}
export interface TransferEvents {
  onProgress(sentBytes: number): void;
  onDone(): void;
  /** A sentence for people. */
  onFailure(message: string): void;
}
/** Starts a transfer: `startUpload`, or a test's own. */
export type StartTransfer = (address: string, file: File, csrfToken: string, events: TransferEvents) => Transfer;

export const startUpload: StartTransfer = (address, file, csrfToken, events) => {
  const request = new XMLHttpRequest();
  request.open("PUT", address);
  request.setRequestHeader("X-Titan-CSRF", csrfToken);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.upload.addEventListener("progress", (event) => events.onProgress(event.loaded));
  request.addEventListener("load", () => {
    if (request.status >= 200 && request.status < 300) events.onDone();
    else events.onFailure(sentenceOf(request.status, request.responseText));
  });
  request.addEventListener("error", () => events.onFailure("The connection to the store broke. Try again."));
  request.send(file);
  return { cancel: () => request.abort() };
};

/** The store's own sentence, or the best that can be said without one: something before it may have answered. */
export function sentenceOf(status: number, body: string): string {
  return parseRefusal(body)?.message ?? `The upload was refused with status ${status}.`;
}
