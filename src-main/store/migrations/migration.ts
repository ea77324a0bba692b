/** What a numbered migration is (architecture.md, "Persistence": forward only, one transaction each, user_version). */

/** `id` is the user_version after it ran; `sql` may hold several statements and creates STRICT tables only. */
export type Migration = { readonly id: number; readonly sql: string };
