/** What pages of one object get from their routes. */
export interface ObjectProps {
  namespace: string;
  name: string;
}
export interface RunProps {
  namespace: string;
  id: string;
}
