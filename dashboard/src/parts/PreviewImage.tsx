import { useEffect, useState } from "react";
import { imageType } from "./PreviewKind";

/**
 * A picture, from bytes that are here already. As the source of an <img> not even an SVG can run anything, and the
 * address of the bytes is given back when the picture goes.
 */
export function PreviewImage({ name, bytes }: { name: string; bytes: Uint8Array<ArrayBuffer> }) {
  const [address, setAddress] = useState<string>();
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes], { type: imageType(name) }));
    setAddress(made);
    setBroken(false);
    return () => URL.revokeObjectURL(made);
  }, [name, bytes]);
  if (isBroken) return <p className="preview-note">This file is called a picture, but cannot be shown as one.</p>;
  if (address === undefined) return null;
  return <img className="preview-image" src={address} alt={name} onError={() => setBroken(true)} />;
}
