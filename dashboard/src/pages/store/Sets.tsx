import { useState } from "react";
import { useSets } from "../../api/queries";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorNote } from "../../parts/ErrorNote";
import { formatCount } from "../../parts/format";
import { SearchField } from "../../parts/SearchField";
import { Skeleton } from "../../parts/Skeleton";
import { type Column, Table } from "../../parts/Table";
import { KeyBrowser, useKeyChoice } from "./KeyBrowser";
import { useMembers } from "./queries";

export function Sets({ namespace }: { namespace: string }) {
  const { prefix, chosen } = useKeyChoice();
  const sets = useSets(namespace, prefix);
  return (
    <KeyBrowser
      listing={sets}
      what="sets"
      facts={(set) => formatCount(set.members, "member")}
      empty={
        <EmptyState title="No sets yet">
          A program makes one by adding a member, with “client.sadd(key, member)”.
        </EmptyState>
      }
    >
      {chosen === undefined ? (
        <p className="soft">Choose a set to see its members.</p>
      ) : (
        <SetDetail key={chosen} namespace={namespace} name={chosen} />
      )}
    </KeyBrowser>
  );
}

interface Member {
  position: number;
  text: string;
}
const COLUMNS: Column<Member>[] = [
  { key: "position", title: "#", width: "64px", render: (member) => member.position },
  { key: "text", title: "Member", render: (member) => <span className="member">{member.text}</span> },
];

/** The members in the order in which they were added. */
function SetDetail({ namespace, name }: { namespace: string; name: string }) {
  const [search, setSearch] = useState("");
  const { data, error, refetch } = useMembers(namespace, name);
  if (error && !data) return <ErrorNote error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton rows={4} />;
  const members = data.members.map((text, index) => ({ position: index + 1, text }));
  const found = search ? members.filter((member) => member.text.includes(search)) : members;
  return (
    <>
      <h2>{name}</h2>
      <p className="soft">{formatCount(members.length, "member")}</p>
      {members.length > 0 && <SearchField label="Search members" value={search} onSearch={setSearch} />}
      <div className="members">
        <Table
          label={`Members of ${name}`}
          columns={COLUMNS}
          items={found}
          rowKey={(member) => String(member.position)}
          empty={<EmptyState title={search ? `No member holds “${search}”` : "The set is empty"} />}
        />
      </div>
    </>
  );
}
