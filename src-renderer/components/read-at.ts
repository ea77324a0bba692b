/** When what is shown was read from the node; what this computer counted itself is as old as that (product.md, "Rules": the age of every amount). */
import { createContext } from 'react';

/** Milliseconds; null outside of anything that was read. */
export const ReadAt = createContext<number | null>(null);
