/** Lays graphs out beside the page, so that opening a big one never makes it stand still. */

import type { Answer, Order } from "./engine";
import { computeLayout } from "./layout";

const scope = self as unknown as DedicatedWorkerGlobalScope;

scope.onmessage = ({ data }: MessageEvent<Order>) => {
  const answer: Answer = { order: data.order, layout: computeLayout(data.request) };
  scope.postMessage(answer);
};
