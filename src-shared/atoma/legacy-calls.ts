/** Functions of the dormant model, echelon and prompt interface, the same in both generations, as far as their signatures are known (protocol.md 2.5). Nothing is built on them. */
import { badge, entry, nodeRef, pure, random } from './call-spec.ts';
import type { CallSpec } from './call-spec.ts';

const node = badge('NodeBadge', 'mut');
const modelName = pure('model_name', 'string');
const ticket = pure('ticket_id', 'id');
const count = (name: string) => pure(name, 'u64');
const settlement = (spec: CallSpec): CallSpec => ({ ...spec, module: 'settlement' });

/** Functions by name. Those of `settlement` end with a TxContext, as published; of the two of `db` it is not known and not claimed. */
export const LEGACY_CALLS = {
  add_node_to_model: entry('add_node_to_model', [node, modelName, count('echelon')], false),
  remove_node_from_model: entry('remove_node_from_model', [node, modelName, count('node_index')], false),
  submit_commitment: settlement({
    ...entry('submit_commitment', [
      badge('NodeBadge', 'ref', 'badge'),
      ticket,
      count('input_tokens_count'),
      count('output_tokens_count'),
      pure('merkle_root', 'vector<u8>'),
      pure('chunk_hash', 'vector<u8>'),
      random,
    ]),
    usesRandom: true,
  }),
  try_to_settle: settlement({ ...entry('try_to_settle', [ticket, random]), usesRandom: true }),
  settle_dispute: settlement(
    entry('settle_dispute', [
      nodeRef,
      ticket,
      count('oracle_input_tokens_count'),
      count('oracle_output_tokens_count'),
      pure('oracle_merkle_root', 'vector<u8>'),
      pure('oracle_merkle_leaves', 'vector<u8>'),
    ]),
  ),
} as const satisfies Record<string, CallSpec>;
