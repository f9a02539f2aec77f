import { type Client, inNamespace, withQuery } from "../api/client";

/** Something whose bytes the store has: a file by name, or content by digest. */
export interface Source {
  /** As it is shown and downloaded; tells how to preview it. */
  name: string;
  size: number | undefined;
  address: string;
}

export function uploadedFile(namespace: string, file: { name: string; size?: number }): Source {
  const address = withQuery(inNamespace(namespace, "file"), { name: file.name });
  return { name: file.name, size: file.size, address };
}

export function content(namespace: string, file: { name: string; size?: number; digest: string }): Source {
  const address = withQuery(inNamespace(namespace, "blob"), { digest: file.digest });
  return { name: file.name, size: file.size, address };
}

/** What was read of a source, and whether that is all of it. */
export interface Loaded {
  bytes: Uint8Array<ArrayBuffer>;
  isWhole: boolean;
}

/** At most `limit` bytes from the beginning. More is not even sent. */
export async function loadBeginning(
  client: Client,
  { address, size }: Source,
  limit: number,
  signal?: AbortSignal,
): Promise<Loaded> {
  // An empty file has no range that could be asked for.
  const headers = size === undefined || size > limit ? { Range: `bytes=0-${limit - 1}` } : undefined;
  const response = await client.raw(address, { ...(headers && { headers }), ...(signal && { signal }) });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const total = totalOf(response.headers.get("Content-Range")) ?? size ?? bytes.length;
  return { bytes: bytes.subarray(0, limit), isWhole: bytes.length <= limit && bytes.length >= total };
}

/** The 1234 of "bytes 0-99/1234". */
function totalOf(range: string | null): number | undefined {
  const total = Number(range?.split("/")[1]);
  return range === null || Number.isNaN(total) ? undefined : total;
}
