/** The contract's role numbers by the catalogue's words. */

/** Words of the catalogue, in the order of the numbers; 6 and 7 train, and no model of the store serves them. */
export const roleWords = ['chat', 'embeddings', 'vision', 'image', 'speak', 'listen', 'tuning', 'training'] as const;
export type RoleWord = (typeof roleWords)[number];

/** Roles that a downloaded model can have. */
export const servedRoles = roleWords.slice(0, 6);

/** The word of a role number; one that this version does not know reads as the last. */
export const roleWord = (role: number): RoleWord => roleWords[role] ?? 'training';
