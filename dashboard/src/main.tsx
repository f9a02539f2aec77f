import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { readAddress } from "./app/location";
import { preloadPage } from "./app/routes";
import { applyKeptTheme } from "./app/theme";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/controls.css";
import "./styles/marks.css";
import "./styles/overlays.css";
import "./styles/tables.css";

applyKeptTheme();
preloadPage(readAddress());
const root = document.getElementById("root");
if (!root) {
  throw new Error("index.html has no element #root.");
}
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
