import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// Busy machines load a page's chunk slowly; a test that waits in vain says so a little later.
configure({ asyncUtilTimeout: 15_000 });

/** What jsdom does not have and every browser has, as far as the page uses it. */
HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
  this.open = true;
  this.querySelector<HTMLElement>("button, input, textarea, select")?.focus();
};
HTMLDialogElement.prototype.show ??= function show(this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
  if (this.open) {
    this.open = false;
    this.dispatchEvent(new Event("close"));
  }
};
HTMLElement.prototype.showPopover ??= () => undefined;
HTMLElement.prototype.hidePopover ??= () => undefined;
window.scrollTo = () => undefined;
/** jsdom lays nothing out; rows without a height would all be in sight. */
Object.defineProperty(HTMLElement.prototype, "offsetHeight", {
  configurable: true,
  get(this: HTMLElement) {
    return this.matches("[role=row]") ? 41 : 0;
  },
});

afterEach(() => {
  cleanup();
  window.history.replaceState(null, "", "#/");
  window.localStorage.clear();
});
