import { useQuery } from "@tanstack/react-query";
import { useClient } from "../api/context";
import { ErrorNote } from "./ErrorNote";
import { PreviewImage } from "./PreviewImage";
import { IMAGE_BYTES, kindOf, TEXT_BYTES } from "./PreviewKind";
import { type Loaded, loadBeginning, type Source } from "./PreviewLoad";
import { PreviewText } from "./PreviewText";
import "./preview.css";

/** What is in a file, as far as that can be shown safely; and always a download. */
export function Preview({ source }: { source: Source }) {
  return (
    <div className="preview">
      <div className="preview-bar">
        <Download source={source} />
      </div>
      <PreviewBody source={source} />
    </div>
  );
}

/** The browser saves the bytes; it never opens them as a page. */
export function Download({ source, children = "Download" }: { source: Source; children?: string }) {
  return (
    <a className="button" href={source.address} download={source.name.split("/").at(-1) ?? "file"}>
      {children}
      <span className="hidden"> {source.name}</span>
    </a>
  );
}

function PreviewBody({ source }: { source: Source }) {
  const client = useClient();
  const kind = kindOf(source.name);
  const limit = kind === "image" ? IMAGE_BYTES : TEXT_BYTES;
  const isTooBig = kind === "image" && (source.size ?? 0) > IMAGE_BYTES;
  const { data, error, isPending, refetch } = useQuery<Loaded, Error>({
    queryKey: ["preview", {}, source.address, source.size, limit],
    queryFn: ({ signal }) => loadBeginning(client, source, limit, signal),
    enabled: !isTooBig,
    gcTime: 0,
  });
  if (isTooBig) return <p className="preview-note">The picture is too big to be shown here. Download it instead.</p>;
  if (isPending) return <p className="preview-note">Reading the file…</p>;
  if (error) return <ErrorNote error={error} retry={() => void refetch()} />;
  if (kind === "image" && data.isWhole) return <PreviewImage name={source.name} bytes={data.bytes} />;
  return <PreviewText kind={kind} loaded={data} />;
}
