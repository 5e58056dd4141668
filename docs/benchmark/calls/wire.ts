/**
 * The bodies as contenders that do not validate take them, on trust.
 */
export interface OrderBody {
  readonly id: string
}

export interface PageBody {
  readonly items: ReadonlyArray<OrderBody>
}

export interface RefundBody {
  readonly success: boolean
  readonly status: string
}

export const isDone = ({ status, success }: RefundBody): boolean => success && status === "SUCCESS"
