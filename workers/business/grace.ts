/** After a commit, how long the queue may take to accept the task before it is offered again. */
export const sendGraceMs = 30_000;

/** A task of which nothing is heard for this long is lost: a consumer died, or a local queue was restarted. */
export const queueGraceMs = 120_000;
