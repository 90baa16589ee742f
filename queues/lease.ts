/** How long one piece of work under a lease may take; a worker that dies keeps others out for no longer. */
export const LEASE_MS = 20_000;
