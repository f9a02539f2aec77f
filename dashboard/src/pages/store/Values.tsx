import { useState } from "react";
import { useRights, useValues } from "../../api/queries";
import { ActionButton } from "../../parts/ActionButton";
import { EmptyState } from "../../parts/EmptyState";
import { formatBytes } from "../../parts/format";
import { Age } from "../../parts/Time";
import { KeyBrowser, useKeyChoice } from "./KeyBrowser";
import { NewValue } from "./NewValue";
import { ValueDetail } from "./ValueDetail";

export function Values({ namespace }: { namespace: string }) {
  const { prefix, chosen, change } = useKeyChoice();
  const [isNew, setNew] = useState(false);
  const values = useValues(namespace, prefix);
  const rights = useRights(namespace);
  const item = values.items.find((value) => value.key === chosen);
  return (
    <KeyBrowser
      listing={values}
      what="values"
      facts={(value) => (
        <>
          <span>{formatBytes(value.size)}</span>
          <Age value={value.updateTime} />
        </>
      )}
      actions={
        <ActionButton right={rights.data?.["values.write"]} needsRight icon="plus" onClick={() => setNew(true)}>
          New value
        </ActionButton>
      }
      empty={
        <EmptyState title="No values yet">
          Put one with the button above, with “titan store put KEY VALUE”, or from a program.
        </EmptyState>
      }
    >
      {isNew ? (
        <NewValue
          namespace={namespace}
          prefix={prefix}
          onClose={() => setNew(false)}
          onSaved={(key) => {
            setNew(false);
            change({ key });
          }}
        />
      ) : chosen === undefined ? (
        <p className="soft">Choose a key to see its value.</p>
      ) : (
        <ValueDetail
          key={chosen}
          namespace={namespace}
          name={chosen}
          item={item}
          rights={rights.data}
          onDeleted={() => change({ key: undefined })}
        />
      )}
    </KeyBrowser>
  );
}
