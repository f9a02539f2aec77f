/**
 * The whole graph in a corner, with a frame around what is in sight; a click or drag goes there.
 *
 * Not the drawing library's own map: that one is laid out and painted anew with each step of a movement. Here the
 * nodes are one path for each phase, and only the frame moves.
 */

import { Panel, useReactFlow, useStore } from "@xyflow/react";
import { memo, type PointerEvent, useMemo } from "react";
import { lookOf, type Tone } from "../parts/phases";
import type { Layout } from "./layout";
import type { Model } from "./model";

const WIDEST = 200;
const HIGHEST = 140;

interface Props {
  model: Model;
  layout: Layout;
}

export function SmallMap({ model, layout }: Props) {
  const flow = useReactFlow();
  const scale = Math.min(WIDEST / layout.width, HIGHEST / layout.height);
  const go = (event: PointerEvent<HTMLElement>) => {
    const corner = event.currentTarget.getBoundingClientRect();
    const [x, y] = [(event.clientX - corner.left) / scale, (event.clientY - corner.top) / scale];
    void flow.setCenter(x, y, { zoom: flow.getZoom() });
  };
  return (
    <Panel position="bottom-right" className="small-map" aria-hidden="true">
      <div
        className="small-map-area"
        style={{ width: layout.width * scale, height: layout.height * scale }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          go(event);
        }}
        onPointerMove={(event) => {
          if (event.buttons & 1) go(event);
        }}
      >
        <Blocks model={model} layout={layout} />
        <Sight scale={scale} />
      </div>
    </Panel>
  );
}

const Blocks = memo(function Blocks({ model, layout }: Props) {
  const paths = useMemo(() => drawBlocks(model, layout), [model, layout]);
  return (
    <svg viewBox={`0 0 ${layout.width} ${layout.height}`} width="100%" height="100%" aria-hidden="true">
      {[...paths].map(([tone, path]) => (
        <path key={tone} className={`tone-${tone}`} d={path} />
      ))}
    </svg>
  );
});

export function drawBlocks(model: Model, layout: Layout): Map<Tone, string> {
  const paths = new Map<Tone, string>();
  for (const node of model.nodes) {
    const box = layout.boxes[node.id];
    if (!box) continue;
    const { tone } = lookOf(node.phase);
    paths.set(tone, `${paths.get(tone) ?? ""}M${box.x} ${box.y}h${box.width}v${box.height}h${-box.width}z`);
  }
  return paths;
}

function Sight({ scale }: { scale: number }) {
  const [x, y, zoom] = useStore((state) => state.transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const factor = scale / zoom;
  return (
    <span
      className="small-map-sight"
      style={{
        width: width * factor,
        height: height * factor,
        transform: `translate(${-x * factor}px, ${-y * factor}px)`,
      }}
    />
  );
}
