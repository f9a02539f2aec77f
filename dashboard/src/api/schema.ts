// Generated from the store's OpenAPI document by tools/page_types (make generate); do not edit.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Whether the member was new. */
        AddedAnswer: {
            /** @enum {integer} */
            added: 0 | 1;
        };
        /** @description Where the log ends now. */
        AppendAnswer: {
            size: number;
        };
        /** @description A file under a key. */
        ArtifactItem: {
            key: string;
            name: string;
            /** @description Empty if only the name was registered. */
            digest: string;
        };
        /** @description One pod's try at the job. */
        AttemptItem: {
            number: number;
            pod: string;
            nodeName?: string;
            /** Format: date-time */
            startTime?: string;
            /** Format: date-time */
            endTime?: string;
            exitCode?: number;
            reason?: string;
            message?: string;
        };
        /** @description A blob that is there now. */
        BlobAnswer: {
            digest: string;
            size?: number;
        };
        /** @description The room for one requirement. */
        CapacityItem: {
            requirement: string;
            running: number;
            /** @description Jobs that could start now if there were room. */
            waiting: number;
            /** @description Nodes that may take such jobs. */
            nodes: number;
            /** @description How many such jobs these nodes hold; absent where nothing limits them. */
            places?: number;
        };
        /** @description Something of this kind and name is different now. */
        ChangeItem: {
            /** @enum {string} */
            kind: "TitanDAG" | "TitanJob" | "TitanApproval" | "Node";
            namespace: string;
            name: string;
            /** @description Of jobs and gates. */
            dag?: string;
        };
        /** @description The data of a message of the stream of changes. */
        ChangesMessage: {
            items: components["schemas"]["ChangeItem"][];
            /** @description Anything may have changed: ask for everything again. */
            all: boolean;
        };
        /** @description What somebody wrote about a DAG. */
        CommentItem: {
            user: string;
            /** Format: date-time */
            time: string;
            text: string;
        };
        /** @description A condition of a status. */
        ConditionItem: {
            type: string;
            status: string;
            reason: string;
            message: string;
            /** Format: date-time */
            lastTransitionTime?: string;
        };
        /** @description A DAG by itself. */
        DagDetail: {
            namespace: string;
            name: string;
            uid: string;
            /** @description As the user wrote it. */
            displayName: string;
            /** @enum {string} */
            phase: "Pending" | "Running" | "Succeeded" | "Failed" | "Cancelled";
            /** @description Ended jobs of all jobs, "3/7". */
            progress: string;
            /** @description Jobs by phase, without zeros. */
            counts: {
                [key: string]: number;
            };
            waitingApprovals: number;
            /** Format: date-time */
            createTime: string;
            /** Format: date-time */
            startTime?: string;
            /** Format: date-time */
            completionTime?: string;
            agentRunID?: string;
            requestedBy?: string;
            /** @description Why it waits or failed; empty if there is nothing to say. */
            message: string;
            run: number;
            suspended: boolean;
            cancelling: boolean;
            maxParallel?: number;
            comments: components["schemas"]["CommentItem"][];
            conditions: components["schemas"]["ConditionItem"][];
            /** @enum {string} */
            workspace: "Sync" | "Claim" | "None";
            ttlSecondsAfterFinished: number;
        };
        /** @description A file that a job has left; its content is a blob. */
        DagFile: {
            digest: string;
            /** @description Permissions: 0o644, or 0o755 for what can be executed. */
            mode: number;
            size: number;
            path: string;
            /** @description Of the job that left it. */
            jobID: string;
        };
        /** @description A page of files, by path. */
        DagFilePage: {
            items: components["schemas"]["DagFile"][];
            /** @description All that match, on all pages. */
            total: number;
            /** @description There is more: ask with this. */
            continue?: string;
        };
        /** @description A DAG in a list. */
        DagItem: {
            namespace: string;
            name: string;
            uid: string;
            /** @description As the user wrote it. */
            displayName: string;
            /** @enum {string} */
            phase: "Pending" | "Running" | "Succeeded" | "Failed" | "Cancelled";
            /** @description Ended jobs of all jobs, "3/7". */
            progress: string;
            /** @description Jobs by phase, without zeros. */
            counts: {
                [key: string]: number;
            };
            waitingApprovals: number;
            /** Format: date-time */
            createTime: string;
            /** Format: date-time */
            startTime?: string;
            /** Format: date-time */
            completionTime?: string;
            agentRunID?: string;
            requestedBy?: string;
            /** @description Why it waits or failed; empty if there is nothing to say. */
            message: string;
            run: number;
            suspended: boolean;
            cancelling: boolean;
            maxParallel?: number;
        };
        /** @description A page of DAGs, the newest first. */
        DagPage: {
            items: components["schemas"]["DagItem"][];
            /** @description All that match, on all pages. */
            total: number;
            /** @description There is more: ask with this. */
            continue?: string;
        };
        /** @description Body of every answer from 400 on. */
        ErrorBody: {
            error: components["schemas"]["ErrorInfo"];
        };
        /** @description What went wrong. */
        ErrorInfo: {
            /** @description For programs. */
            code: string;
            /** @description One sentence for people; names the culprit. */
            message: string;
            /** @description Of LogGap: where the log ends. */
            size?: number;
        };
        /** @description An Event. */
        EventItem: {
            /** Format: date-time */
            time: string;
            type: string;
            reason: string;
            message: string;
            /** @description "Pod x", "TitanJob y". */
            object: string;
            count: number;
            source: string;
        };
        /** @description The newest first. */
        EventList: {
            items: components["schemas"]["EventItem"][];
        };
        /** @description A file. */
        FileItem: {
            name: string;
            size: number;
            /** @description ``sha256:`` and 64 hexadecimal digits. */
            digest: string;
            /** Format: date-time */
            updateTime: string;
        };
        /** @description A page of files, by name. */
        FileList: {
            items: components["schemas"]["FileItem"][];
            /** @description There is more: ask with this. */
            continue?: string;
        };
        /** @description A file of a workspace. */
        FoldedFile: {
            digest: string;
            /** @description Permissions: 0o644, or 0o755 for what can be executed. */
            mode: number;
            size: number;
            /** @description uid of the TitanJob that left it. */
            job: string;
        };
        /** @description A gate. */
        GateItem: {
            name: string;
            namespace: string;
            dag?: string;
            /** @description Name of the TitanJob that the gate stands behind. */
            job: string;
            jobUID: string;
            jobID: string;
            round: number;
            /**
             * @description Takes all recorded decisions into account, even if the operator has not seen the last one yet.
             * @enum {string}
             */
            phase: "Scheduled" | "Pending" | "Approved" | "Rejected" | "TimedOut";
            message: string;
            requestedBy?: string;
            /** @description Who may decide. If ``groups`` is empty as well: whoever has the verb ``approve``. */
            users: string[];
            groups: string[];
            requiredApprovals: number;
            /** Format: date-time */
            openTime?: string;
            /** Format: date-time */
            deadline?: string;
            /** Format: date-time */
            decidedTime?: string;
            decisions: components["schemas"]["GivenDecision"][];
            /** @description Why the cluster does not prove who decides, in the operator's words. */
            unprotected?: string;
            /** @description Whether the caller may decide now. */
            mayDecide: boolean;
            /** @description Why the caller may not decide. */
            whyNot?: string;
            /** @description What to type in a terminal instead. */
            command: string;
        };
        /** @description A page of gates that wait. It may be shorter than the limit, even empty, and still have a successor. */
        GateList: {
            items: components["schemas"]["GateItem"][];
            /** @description There may be more: ask with this. */
            continue?: string;
        };
        /** @description A page of gates. */
        GatePage: {
            items: components["schemas"]["GateItem"][];
            /** @description All that match, on all pages. */
            total: number;
            /** @description There is more: ask with this. */
            continue?: string;
        };
        /** @description What one person said. */
        GivenDecision: {
            user: string;
            /** @enum {string} */
            verdict: "Approve" | "Reject";
            /** @default  */
            comment: string;
            /**
             * Format: date-time
             * @description When the operator first saw it.
             */
            time?: string;
        };
        /** @description A graph, at most 250 nodes and what was opened. */
        GraphAnswer: {
            /** @description Differs whenever nodes or their parents differ; states may change without it. */
            shape: string;
            jobs: number;
            nodes: components["schemas"]["GraphNode"][];
        };
        /** @description A job, or many as one node. */
        GraphNode: {
            /** @description ``job:`` and the job's id, or that of a fold; stays the same while jobs are added. */
            id: string;
            /** @enum {string} */
            kind: "Job" | "FanOut" | "Chain" | "Band";
            label: string;
            /** @description Ids of the nodes before it. */
            parents: string[];
            /**
             * @description For a fold the one that matters most, in this order: Failed, Running, Serving, Pending, Cancelled, Succeeded.
             * @enum {string}
             */
            phase: "Pending" | "Running" | "Serving" | "Succeeded" | "Failed" | "Cancelled";
            /** @description Jobs in it. */
            size: number;
            /** @description Of folds: jobs by phase, without zeros. */
            counts?: {
                [key: string]: number;
            };
            /** @description Of jobs. */
            job?: components["schemas"]["JobItem"];
            /** @description The opened fold that it is a direct member of. */
            group?: string;
            /** @description Whether it can be opened in the graph. */
            opens: boolean;
        };
        /** @description The sum. */
        IncrementAnswer: {
            value: number;
        };
        /** @description A job by itself. */
        JobDetail: {
            job: components["schemas"]["JobItem"];
            /** @description One sentence: why it is where it is. */
            why: string;
            /** @description The last ten, oldest first. */
            attempts: components["schemas"]["AttemptItem"][];
            conditions: components["schemas"]["ConditionItem"][];
            /** @description Ids of the jobs that wait for it. */
            children: string[];
            source: components["schemas"]["SourceItem"];
            args: string[];
            env: components["schemas"]["VariableItem"][];
            /** @description Names of Secrets; their content is never shown. */
            secrets: string[];
            resources: components["schemas"]["ResourcesItem"];
            image?: string;
            retry: components["schemas"]["RetryItem"];
            /** @description Longest time of one attempt. */
            activeDeadlineSeconds?: number;
            requestedBy?: string;
            /** @description The newest one behind it. */
            gate?: components["schemas"]["GateItem"];
        };
        /** @description A job in a list or graph. */
        JobItem: {
            namespace: string;
            name: string;
            uid: string;
            /** @description The user's own id. */
            jobID: string;
            dag?: string;
            /** @enum {string} */
            phase: "Pending" | "Running" | "Serving" | "Succeeded" | "Failed" | "Cancelled";
            attempt: number;
            node?: string;
            requirement: string;
            priority: number;
            /** @enum {string} */
            type: "Run" | "Service";
            /** Format: date-time */
            createTime: string;
            /**
             * Format: date-time
             * @description When its parents were done.
             */
            readyTime?: string;
            /** Format: date-time */
            startTime?: string;
            /** Format: date-time */
            completionTime?: string;
            /** @description Ids of the jobs before it. */
            parents: string[];
            /**
             * @description State of the gate behind the job; absent without a gate.
             * @enum {string}
             */
            approval?: "Scheduled" | "Pending" | "Approved" | "Rejected" | "TimedOut";
            exitCode?: number;
            message: string;
            suspended: boolean;
            cancelling: boolean;
            /** @description host:port of a service while it runs. */
            address?: string;
        };
        /** @description A page of jobs. */
        JobPage: {
            items: components["schemas"]["JobItem"][];
            /** @description All that match, on all pages. */
            total: number;
            /** @description There is more: ask with this. */
            continue?: string;
        };
        /** @description The newest file of a name. */
        LeftFileAnswer: {
            digest: string;
            /** @description Permissions: 0o644, or 0o755 for what can be executed. */
            mode: number;
            size: number;
            path: string;
            job: string;
            attempt: number;
        };
        /** @description The log of one attempt. */
        LogItem: {
            attempt: number;
            size: number;
            /** @description The attempt's outcome is recorded: nothing will be added. */
            complete: boolean;
        };
        /** @description The logs of a job, by attempt. */
        LogList: {
            items: components["schemas"]["LogItem"][];
        };
        /** @description What a job made of the workspace that it found. */
        Manifest: {
            /**
             * @description Files that are new or different.
             * @default {}
             */
            changed: {
                [key: string]: components["schemas"]["ManifestEntry"];
            };
            /**
             * @description Files that it found and that are gone.
             * @default []
             */
            deleted: string[];
        };
        /** @description A file that a job left; its content is a blob. */
        ManifestEntry: {
            digest: string;
            /** @description Permissions: 0o644, or 0o755 for what can be executed. */
            mode: number;
            size: number;
        };
        /** @description The members in order of addition. */
        MembersAnswer: {
            members: string[];
        };
        /** @description A namespace that holds something. */
        NamespaceItem: {
            name: string;
            dags: number;
        };
        /** @description What the viewer may see. */
        NamespaceList: {
            items: components["schemas"]["NamespaceItem"][];
            /** @description Whether that is everything. */
            all: boolean;
        };
        /** @description How an attempt ended, as its runner saw it. Success is the phase publish with exit code 0. */
        OutcomeDocument: {
            pod: string;
            podUID: string;
            node?: string;
            /**
             * @description How far the runner came.
             * @enum {string}
             */
            phase: "fetch" | "run" | "publish";
            /** @description Exit code of the program; null if it never ran or never ended. */
            exitCode: number | null;
            reason: string;
            message: string;
            startTime: string | null;
            endTime: string | null;
            /** @description Bytes of the log. */
            logSize: number;
            /** @description The parents whose files it found, directly or from their ancestors. */
            inputs?: components["schemas"]["WorkspaceInput"][];
            /** @description Its own changes. Only those of a success are ever looked at; the stream of outcomes does not repeat them. */
            manifest?: components["schemas"]["Manifest"];
            /** @description Paths of which its parents left different versions; it found the later one. */
            conflicts?: string[];
        };
        /** @description What goes on. */
        Overview: {
            counts: components["schemas"]["PhaseCounts"];
            /** @description The newest first. */
            running: components["schemas"]["DagItem"][];
            /** @description Those that wait, the oldest first. */
            gates: components["schemas"]["GateItem"][];
            /** @description Those that failed last. */
            failed: components["schemas"]["DagItem"][];
            capacity: components["schemas"]["CapacityItem"][];
            /** @description In the order in which they will start. */
            queue: components["schemas"]["JobItem"][];
            queueLength: number;
        };
        /** @description DAGs by phase. */
        PhaseCounts: {
            pending: number;
            running: number;
            succeeded: number;
            failed: number;
            cancelled: number;
        };
        /** @description Whether the member was there. */
        RemovedAnswer: {
            /** @enum {integer} */
            removed: 0 | 1;
        };
        /** @description What it asks for, in Kubernetes' quantities. */
        ResourcesItem: {
            requests: {
                [key: string]: string;
            };
            limits: {
                [key: string]: string;
            };
        };
        /** @description How often a failed attempt is repeated. */
        RetryItem: {
            limit: number;
            backoffSeconds: number;
            maxBackoffSeconds: number;
        };
        /** @description Whether an action is allowed. */
        Right: {
            allowed: boolean;
            /** @description Why not, in one sentence. */
            reason?: string;
            /** @description What to type in a terminal instead, with NAME in place of the object's name. */
            command?: string;
        };
        /** @description By action. */
        Rights: {
            "dags.cancel": components["schemas"]["Right"];
            "dags.retry": components["schemas"]["Right"];
            "dags.resubmit": components["schemas"]["Right"];
            "dags.comment": components["schemas"]["Right"];
            "dags.suspend": components["schemas"]["Right"];
            "jobs.cancel": components["schemas"]["Right"];
            "approvals.decide": components["schemas"]["Right"];
            "values.write": components["schemas"]["Right"];
            "values.delete": components["schemas"]["Right"];
            "files.write": components["schemas"]["Right"];
            "files.delete": components["schemas"]["Right"];
            "logs.read": components["schemas"]["Right"];
            "files.read": components["schemas"]["Right"];
            "values.read": components["schemas"]["Right"];
            "events.read": components["schemas"]["Right"];
        };
        /** @description A run by itself. */
        RunDetail: {
            run: components["schemas"]["RunItem"];
            /** @description In the order in which they were submitted. */
            stages: components["schemas"]["StageItem"][];
            /** @description What its jobs published; empty also for a viewer who may not read values. */
            artifacts: components["schemas"]["ArtifactItem"][];
        };
        /** @description A run in a list. */
        RunItem: {
            namespace: string;
            runID: string;
            /**
             * @description Of the newest DAG that has not ended, else Failed or Cancelled if one is, else Succeeded.
             * @enum {string}
             */
            phase: "Pending" | "Running" | "Succeeded" | "Failed" | "Cancelled";
            /** Format: date-time */
            createTime: string;
            /**
             * Format: date-time
             * @description When all its DAGs had ended.
             */
            completionTime?: string;
            stages: number;
            counts: {
                [key: string]: number;
            };
            waitingApprovals: number;
        };
        /** @description A page of runs, the one whose newest DAG is youngest at the front. */
        RunPage: {
            items: components["schemas"]["RunItem"][];
            /** @description All that match, on all pages. */
            total: number;
            /** @description There is more: ask with this. */
            continue?: string;
        };
        /** @description A service. */
        ServiceItem: {
            job: components["schemas"]["JobItem"];
            /** @description Whether its port answers. */
            ready: boolean;
            /** @description How often Kubernetes has restarted it. */
            restarts: number;
        };
        /** @description The newest first. */
        ServiceList: {
            items: components["schemas"]["ServiceItem"][];
        };
        /** @description Who is signed in. */
        Session: {
            user: string;
            groups: string[];
            /** @description For the header X-Titan-CSRF of every change. */
            csrfToken: string;
            /**
             * @description Whether a token or a trusted proxy signed the person in.
             * @enum {string}
             */
            signIn: "token" | "proxy";
            /** @description Whether many people share this identity, which then cannot decide about gates. */
            isShared: boolean;
            /** Format: date-time */
            expireTime: string;
        };
        /** @description A code that signs in once. */
        SessionCode: {
            code: string;
            /** Format: date-time */
            expireTime: string;
        };
        /** @description A line of a listing of sets. */
        SetItem: {
            key: string;
            /** @description How many. */
            members: number;
        };
        /** @description A page of sets, by key. */
        SetList: {
            items: components["schemas"]["SetItem"][];
            /** @description Sets on all pages. */
            total: number;
            /** @description There is more: ask with this. */
            continue?: string;
        };
        /** @description What runs. */
        SourceItem: {
            /** @enum {string} */
            kind: "inline" | "script" | "archive" | "container";
            fileName?: string;
            digest?: string;
            entrypoint?: string;
            image?: string;
            command?: string[];
        };
        /** @description A DAG of the run. */
        StageItem: {
            dag: components["schemas"]["DagItem"];
            /** @description How often a DAG of this display name has been submitted in the run, this one included. */
            iteration: number;
            /** @description At most 200, in the order of their creation; empty also for a viewer who may not list jobs. */
            jobs: components["schemas"]["JobItem"][];
            jobCount: number;
        };
        /** @description A line of a listing of values. */
        ValueItem: {
            key: string;
            size: number;
            /** @description As in the ETag header, quotes included. */
            etag: string;
            /** Format: date-time */
            updateTime: string;
            /** Format: date-time */
            expireTime?: string;
        };
        /** @description A page of values, by key. */
        ValueList: {
            items: components["schemas"]["ValueItem"][];
            /** @description There is more: ask with this. */
            continue?: string;
        };
        /** @description An environment variable of the program. */
        VariableItem: {
            name: string;
            value: string;
        };
        /** @description A workspace. */
        WorkspaceAnswer: {
            /** @description By path. */
            files: {
                [key: string]: components["schemas"]["FoldedFile"];
            };
            /** @description Paths of which unrelated jobs left different versions; the later one counts. */
            conflicts: string[];
        };
        /** @description An attempt that succeeded, and what it left. */
        WorkspaceInput: {
            job: string;
            attempt: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type AddedAnswer = components['schemas']['AddedAnswer'];
export type AppendAnswer = components['schemas']['AppendAnswer'];
export type ArtifactItem = components['schemas']['ArtifactItem'];
export type AttemptItem = components['schemas']['AttemptItem'];
export type BlobAnswer = components['schemas']['BlobAnswer'];
export type CapacityItem = components['schemas']['CapacityItem'];
export type ChangeItem = components['schemas']['ChangeItem'];
export type ChangesMessage = components['schemas']['ChangesMessage'];
export type CommentItem = components['schemas']['CommentItem'];
export type ConditionItem = components['schemas']['ConditionItem'];
export type DagDetail = components['schemas']['DagDetail'];
export type DagFile = components['schemas']['DagFile'];
export type DagFilePage = components['schemas']['DagFilePage'];
export type DagItem = components['schemas']['DagItem'];
export type DagPage = components['schemas']['DagPage'];
export type ErrorBody = components['schemas']['ErrorBody'];
export type ErrorInfo = components['schemas']['ErrorInfo'];
export type EventItem = components['schemas']['EventItem'];
export type EventList = components['schemas']['EventList'];
export type FileItem = components['schemas']['FileItem'];
export type FileList = components['schemas']['FileList'];
export type FoldedFile = components['schemas']['FoldedFile'];
export type GateItem = components['schemas']['GateItem'];
export type GateList = components['schemas']['GateList'];
export type GatePage = components['schemas']['GatePage'];
export type GivenDecision = components['schemas']['GivenDecision'];
export type GraphAnswer = components['schemas']['GraphAnswer'];
export type GraphNode = components['schemas']['GraphNode'];
export type IncrementAnswer = components['schemas']['IncrementAnswer'];
export type JobDetail = components['schemas']['JobDetail'];
export type JobItem = components['schemas']['JobItem'];
export type JobPage = components['schemas']['JobPage'];
export type LeftFileAnswer = components['schemas']['LeftFileAnswer'];
export type LogItem = components['schemas']['LogItem'];
export type LogList = components['schemas']['LogList'];
export type Manifest = components['schemas']['Manifest'];
export type ManifestEntry = components['schemas']['ManifestEntry'];
export type MembersAnswer = components['schemas']['MembersAnswer'];
export type NamespaceItem = components['schemas']['NamespaceItem'];
export type NamespaceList = components['schemas']['NamespaceList'];
export type OutcomeDocument = components['schemas']['OutcomeDocument'];
export type Overview = components['schemas']['Overview'];
export type PhaseCounts = components['schemas']['PhaseCounts'];
export type RemovedAnswer = components['schemas']['RemovedAnswer'];
export type ResourcesItem = components['schemas']['ResourcesItem'];
export type RetryItem = components['schemas']['RetryItem'];
export type Right = components['schemas']['Right'];
export type Rights = components['schemas']['Rights'];
export type RunDetail = components['schemas']['RunDetail'];
export type RunItem = components['schemas']['RunItem'];
export type RunPage = components['schemas']['RunPage'];
export type ServiceItem = components['schemas']['ServiceItem'];
export type ServiceList = components['schemas']['ServiceList'];
export type Session = components['schemas']['Session'];
export type SessionCode = components['schemas']['SessionCode'];
export type SetItem = components['schemas']['SetItem'];
export type SetList = components['schemas']['SetList'];
export type SourceItem = components['schemas']['SourceItem'];
export type StageItem = components['schemas']['StageItem'];
export type ValueItem = components['schemas']['ValueItem'];
export type ValueList = components['schemas']['ValueList'];
export type VariableItem = components['schemas']['VariableItem'];
export type WorkspaceAnswer = components['schemas']['WorkspaceAnswer'];
export type WorkspaceInput = components['schemas']['WorkspaceInput'];
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
