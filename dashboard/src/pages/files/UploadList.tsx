import { formatBytes } from "../../parts/format";
import type { Upload } from "./uploadQueue";
import type { Uploads } from "./useUploads";

/** What is on its way: how far it is, and what to do about it. */
export function UploadList({ uploads }: { uploads: Uploads }) {
  const { all } = uploads;
  const ended = all.filter((upload) => ["done", "failed", "cancelled"].includes(upload.state));
  return (
    <div role="status" aria-live="polite">
      {all.length > 0 && (
        <section className="uploads" aria-label="Uploads">
          <ul>
            {all.map((upload) => (
              <li key={upload.id} className={`upload upload-${upload.state}`}>
                <UploadRow upload={upload} uploads={uploads} />
              </li>
            ))}
          </ul>
          {ended.length > 0 && (
            <button type="button" className="button" onClick={uploads.tidy}>
              Clear the list
            </button>
          )}
        </section>
      )}
    </div>
  );
}

function UploadRow({ upload, uploads }: { upload: Upload; uploads: Uploads }) {
  const { id, name, state } = upload;
  const canCancel = state === "waiting" || state === "checking" || state === "sending";
  return (
    <>
      <span className="file-row-name">{name}</span>
      <span className="upload-state" aria-live={state === "sending" ? "off" : undefined}>
        {describeState(upload)}
      </span>
      {state === "sending" && (
        <progress aria-label={`Upload of ${name}`} max={Math.max(1, upload.size)} value={upload.sent} />
      )}
      {canCancel && (
        <button type="button" className="button" onClick={() => uploads.cancel(id)}>
          Cancel<span className="hidden"> the upload of {name}</span>
        </button>
      )}
      {state === "asking" && (
        <>
          <button type="button" className="button button-danger" onClick={() => uploads.replace(id)}>
            Replace<span className="hidden"> {name}</span>
          </button>
          <button type="button" className="button" onClick={() => uploads.cancel(id)}>
            Keep what is there<span className="hidden"> of {name}</span>
          </button>
        </>
      )}
    </>
  );
}

function describeState(upload: Upload): string {
  switch (upload.state) {
    case "waiting":
      return "waits";
    case "checking":
      return "is being prepared";
    case "asking":
      return "There is a file of this name. Replace it?";
    case "sending":
      return `${formatBytes(upload.sent)} of ${formatBytes(upload.size)}`;
    case "done":
      return "uploaded";
    case "failed":
      return upload.message ?? "failed";
    case "cancelled":
      return "cancelled";
  }
}
