import react from "@vitejs/plugin-react";
import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => {
  /** Where a store listens while the page is being developed; `titan local up` says it. */
  const store = loadEnv(mode, ".", "TITAN_").TITAN_STORE_URL ?? "http://127.0.0.1:9090";
  return {
    plugins: [react()],
    // Relative, so that the page also works below a path of somebody else's proxy.
    base: "./",
    build: {
      outDir: "../store/titan_store/dashboard",
      emptyOutDir: true,
      target: "es2022",
      // Nothing is inlined: the Content-Security-Policy knows no data: scripts and no inline styles.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    worker: { format: "es" },
    server: { proxy: { "/v1": store } },
    test: {
      environment: "jsdom",
      include: ["tests/**/*.test.{ts,tsx}"],
      setupFiles: ["tests/setup.ts"],
      testTimeout: 60_000,
    },
  };
});
