/** Door of the sandbox's chain. */
export { createSandboxChain } from './create-sandbox-chain.ts';
export type {
  AdminCall,
  ChainEndpoint,
  ChainFaults,
  ChainNotice,
  GenesisTask,
  SandboxChain,
  SandboxChainDeps,
  SandboxChainOptions,
  SandboxCoin,
} from './chain-api.ts';
