/** Line drawings on a grid of 16; decoration only, the word is always beside them. */
const DRAWINGS = {
  pending: "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8ZM8 4.8V8l2.2 1.6",
  running: "M8 1.8a6.2 6.2 0 1 1-6.2 6.2M6.6 5.4 10.8 8l-4.2 2.6Z",
  serving: "M2.2 3h11.6v4H2.2ZM2.2 9h11.6v4H2.2ZM4.6 5h.1M4.6 11h.1",
  succeeded: "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8ZM5.2 8.2l2 2 3.6-4",
  failed: "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8ZM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4",
  cancelled: "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8ZM3.8 12.2l8.4-8.4",
  gate: "M8 1.6 14.4 8 8 14.4 1.6 8ZM8 5v3.4M8 10.9v.1",
  overview: "M2 2h5v6H2ZM9 2h5v3.6H9ZM9 7.6h5V14H9ZM2 10h5v4H2Z",
  dags: "M6.2 3.4h3.6M3.4 5v6M12.6 5v1.6a3 3 0 0 1-3 3H6.4M3.4 1.8a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2ZM12.6 1.8a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2ZM3.4 11a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2Z",
  runs: "M2 8a6 6 0 0 1 10.4-4.1L14 5.4M14 2v3.4h-3.4M14 8a6 6 0 0 1-10.4 4.1L2 10.6M2 14v-3.4h3.4",
  files: "M3.4 1.6h5.4l3.8 3.8v9H3.4ZM8.6 1.8v3.8h3.8",
  store:
    "M8 1.8c3.3 0 5.8 1 5.8 2.2S11.3 6.2 8 6.2 2.2 5.2 2.2 4 4.7 1.8 8 1.8ZM2.2 4v8c0 1.2 2.5 2.2 5.8 2.2s5.8-1 5.8-2.2V4M2.2 8c0 1.2 2.5 2.2 5.8 2.2s5.8-1 5.8-2.2",
  services: "M8 5.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8ZM4 12a5.6 5.6 0 0 1 0-8M12 4a5.6 5.6 0 0 1 0 8",
  menu: "M2 4h12M2 8h12M2 12h12",
  close: "M3.6 3.6l8.8 8.8M12.4 3.6l-8.8 8.8",
  copy: "M5.4 5.4h8v8h-8ZM2.6 10.6V2.6h8",
  search: "M7 2.2a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6ZM10.6 10.6 14 14",
  user: "M8 2a2.8 2.8 0 1 0 0 5.6A2.8 2.8 0 0 0 8 2ZM2.6 14c.4-3 2.6-4.4 5.4-4.4s5 1.4 5.4 4.4",
  external: "M6.4 3H3v10h10V9.6M9 2.6h4.4V7M13 3 7.6 8.4",
  down: "M3.6 6l4.4 4.4L12.4 6",
  right: "M6 3.6 10.4 8 6 12.4",
  retry: "M13.6 8A5.6 5.6 0 1 1 11.6 3.7L13.6 5.6M13.6 2v3.6H10",
  stop: "M3.4 3.4h9.2v9.2H3.4Z",
  pause: "M5.4 3v10M10.6 3v10",
  play: "M4.4 2.6 13 8l-8.6 5.4Z",
  plus: "M8 2.6v10.8M2.6 8h10.8",
  download: "M8 2v8M4.6 6.8 8 10.2l3.4-3.4M2.6 13.6h10.8",
  upload: "M8 10.4V2.4M4.6 5.6 8 2.2l3.4 3.4M2.6 13.6h10.8",
  trash: "M2.6 4h10.8M6 4V2.2h4V4M4 4l.6 10h6.8l.6-10",
  comment: "M2.2 2.6h11.6v8H7.4L4.2 13.6v-3H2.2Z",
  help: "M6 6a2 2 0 1 1 2.8 1.9c-.6.3-.8.7-.8 1.5M8 11.7v.1M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Z",
} as const;

export type IconName = keyof typeof DRAWINGS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      className={`icon icon-${name}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
      focusable="false"
    >
      <path d={DRAWINGS[name]} />
    </svg>
  );
}
