/** Refusals as gRPC status codes (gRPC status code table). */

/** The status codes this node answers with. */
export const GRPC_STATUS = {
  ok: 0,
  invalidArgument: 3,
  notFound: 5,
  resourceExhausted: 8,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

/** A refusal that reaches the client as its code and message. */
export class GrpcError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** The request cannot be carried out as it stands. */
export const invalid = (message: string): GrpcError => new GrpcError(GRPC_STATUS.invalidArgument, message);
/** What was asked for is not there. */
export const notFound = (message: string): GrpcError => new GrpcError(GRPC_STATUS.notFound, message);
