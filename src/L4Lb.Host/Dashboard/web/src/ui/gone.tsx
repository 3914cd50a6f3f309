import { PageHead } from "./parts";

/** What the address names is not there, or no longer. */
export const Gone = ({ title, what, back }: { title: string; what: string; back: string }) => (
  <>
    <PageHead title={title} />
    <div class="panel empty"><p>There is no such {what}; the configuration may have changed.</p><p><a href={back}>See those that there are</a></p></div>
  </>
);
