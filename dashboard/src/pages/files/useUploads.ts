import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { inNamespace, withQuery } from "../../api/client";
import { useClient } from "../../api/context";
import type { FileItem } from "../../api/types";
import { startUpload } from "./upload";
import { type Upload, UploadQueue } from "./uploadQueue";

export interface Uploads {
  all: readonly Upload[];
  add(folder: string, files: Iterable<File>): void;
  replace(id: number): void;
  cancel(id: number): void;
  tidy(): void;
}

/** The uploads of this page. They end with it: nobody would see how they go on. */
export function useUploads(namespace: string): Uploads {
  const client = useClient();
  const queries = useQueryClient();
  const [queue] = useState(() => {
    const addressOf = (name: string) => withQuery(inNamespace(namespace, "file"), { name });
    return new UploadQueue({
      exists: async (name) => {
        // Of all names that begin with this one, it is the first.
        const address = withQuery(inNamespace(namespace, "files"), { prefix: name, limit: 1 });
        return (await client.get<{ items: FileItem[] }>(address)).items[0]?.name === name;
      },
      start: startUpload,
      addressOf,
      csrfToken: () => client.csrfToken,
      onArrival: () => void queries.invalidateQueries({ queryKey: ["files", { namespace }] }),
    });
  });
  useEffect(() => () => queue.close(), [queue]);
  return {
    all: useSyncExternalStore(queue.subscribe, queue.snapshot),
    add: (folder, files) => queue.add(folder, files),
    replace: (id) => queue.replace(id),
    cancel: (id) => queue.cancel(id),
    tidy: () => queue.tidy(),
  };
}
