import { useNamespaces } from "../api/queries";
import { useIsList } from "./location";
import { useNamespace } from "./namespace";

/** The choice of a namespace holds for all lists; a page of one object has its own. */
export function NamespaceChoice() {
  const isList = useIsList();
  const [namespace, choose] = useNamespace();
  const namespaces = useNamespaces();
  if (!isList) {
    return null;
  }
  const names = namespaces.data?.items.map((item) => item.name) ?? [];
  const shown = namespace === undefined || names.includes(namespace) ? names : [namespace, ...names];
  return (
    <label className="namespace">
      <span>Namespace</span>
      <select value={namespace ?? ""} onChange={(event) => choose(event.target.value || undefined)}>
        <option value="">{namespaces.data?.all === false ? "All that I may see" : "All"}</option>
        {shown.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
