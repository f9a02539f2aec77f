/** How to get in; the store's refusals say the same words (`SIGN_IN` in store/titan_store/auth/gate.py). */
export const EASIEST = "The easiest way: type this in a terminal, and the browser opens signed in:";
export const EASIEST_COMMAND = "titan dashboard";
export const PASTE = "Or paste a token of yours for the cluster, for instance that of a service account:";
export const PASTE_COMMAND = "kubectl create token NAME --namespace NAMESPACE --audience titan-store";
