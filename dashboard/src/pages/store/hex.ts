/** Bytes as those read them who look for what a text does not show: offset, sixteen bytes, their letters. */
export interface HexLine {
  offset: string;
  bytes: string;
  letters: string;
}
const WIDTH = 16;

export function hexLines(bytes: Uint8Array, most: number): HexLine[] {
  const lines: HexLine[] = [];
  for (let start = 0; start < Math.min(bytes.length, most); start += WIDTH) {
    const part = [...bytes.subarray(start, Math.min(start + WIDTH, most))];
    lines.push({
      offset: start.toString(16).padStart(6, "0"),
      bytes: part.map((byte) => byte.toString(16).padStart(2, "0")).join(" "),
      letters: part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join(""),
    });
  }
  return lines;
}
