import { defineConfig } from "vite";

export default defineConfig({
  // Relative, so that a proxy may put the dashboard under a path of its own.
  base: "./",
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    target: "es2022",
    outDir: process.env.L4LB_DASHBOARD_OUT ?? "dist",
    emptyOutDir: true,
    // The policy of the server allows scripts and styles from files alone.
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
  },
  // `npm run dev` beside a running instance.
  server: { host: "127.0.0.1", proxy: { "/api": "http://127.0.0.1:9900" } },
});
