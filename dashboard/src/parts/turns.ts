/** Characters that turn the direction of writing: with them a name can be made to look like another, "exe" like "txt". */
const TURNS = /\p{Bidi_Control}/gu;

/** Names and lines are somebody else's: what turns them is shown as a character that says nothing. */
export function showTurns(text: string): string {
  return text.replace(TURNS, "\ufffd");
}
