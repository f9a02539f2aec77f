import { useState } from "react";
import type { Rights, ValueItem } from "../../api/types";
import { ActionButton } from "../../parts/ActionButton";
import { Copy } from "../../parts/Copy";
import { ErrorNote } from "../../parts/ErrorNote";
import { formatBytes } from "../../parts/format";
import { Skeleton } from "../../parts/Skeleton";
import { Age, Time } from "../../parts/Time";
import { DeleteValue } from "./DeleteValue";
import { EditValue } from "./EditValue";
import { useValue } from "./queries";
import { ValueText } from "./ValueText";

interface ValueDetailProps {
  namespace: string;
  name: string;
  /** Its line of the listing, if that is loaded. */
  item: ValueItem | undefined;
  rights: Rights | undefined;
  onDeleted: () => void;
}

/** A value: read, changed, deleted. */
export function ValueDetail({ namespace, name, item, rights, onDeleted }: ValueDetailProps) {
  const [doing, setDoing] = useState<"edit" | "delete">();
  const { data, error, refetch } = useValue(namespace, name);
  if (!data) {
    return (
      <>
        <h2>{name}</h2>
        {error ? <ErrorNote error={error} retry={() => void refetch()} /> : <Skeleton rows={3} />}
      </>
    );
  }
  if (doing === "edit") {
    return (
      <EditValue
        namespace={namespace}
        name={name}
        read={data}
        expireTime={item?.expireTime}
        onReadAgain={() => void refetch()}
        onClose={() => setDoing(undefined)}
      />
    );
  }
  return (
    <>
      <h2>{name}</h2>
      <p className="value-facts">
        <span>{formatBytes(data.bytes.length)}</span>
        {item && (
          <span>
            changed <Time value={item.updateTime} />
          </span>
        )}
        {item?.expireTime && (
          <span>
            vanishes <Age value={item.expireTime} />
          </span>
        )}
        <Copy text={data.text} what="the value" />
      </p>
      <ValueText value={data} />
      <div className="detail-actions">
        <ActionButton right={rights?.["values.write"]} needsRight name={name} onClick={() => setDoing("edit")}>
          Edit
        </ActionButton>
        <ActionButton
          kind="danger"
          icon="trash"
          right={rights?.["values.delete"]}
          needsRight
          name={name}
          onClick={() => setDoing("delete")}
        >
          Delete
        </ActionButton>
      </div>
      <DeleteValue
        isOpen={doing === "delete"}
        namespace={namespace}
        name={name}
        etag={data.etag}
        onDeleted={onDeleted}
        onClose={() => setDoing(undefined)}
      />
    </>
  );
}
