import { Component, type ReactNode } from "react";

interface State {
  problem: Error | undefined;
}

/** A page that fails leaves the others usable. After an update of the store its old chunks are gone: loading anew helps. */
export class Boundary extends Component<{ children: ReactNode }, State> {
  override state: State = { problem: undefined };

  static getDerivedStateFromError(problem: unknown): State {
    return { problem: problem instanceof Error ? problem : new Error(String(problem)) };
  }

  override render(): ReactNode {
    if (!this.state.problem) {
      return this.props.children;
    }
    return (
      <div className="note note-error" role="alert">
        <p>This part of the page could not be shown: {this.state.problem.message}</p>
        <button type="button" className="button" onClick={() => window.location.reload()}>
          Load the page anew
        </button>
      </div>
    );
  }
}
