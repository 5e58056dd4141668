/**
 * The body of an answer, in the chunks in which it came.
 *
 * V8 collects all garbage, old and young, whenever enough memory was allocated that is not its own, as that of bytes is.
 * So chunks are put together in memory that is there already, and a page of orders costs a program half as much of that.
 */
import { decodeText } from "../charset.ts"
import { longestInOnePiece } from "./transport.ts"

let workspace = new Uint8Array()

/** Where the bytes of a text stand while it is decoded. That happens at once, so no two texts are there at a time. */
const workspaceOf = (length: number): Uint8Array => {
  if (length > longestInOnePiece) return new Uint8Array(length)
  if (length > workspace.length) workspace = new Uint8Array(length)
  return workspace
}

/** A body that has come, or comes. */
export class Chunks {
  readonly #chunks: Array<Uint8Array> = []
  #length = 0

  get length(): number {
    return this.#length
  }

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
    this.#length += chunk.length
  }

  /** All bytes, in memory of their own. */
  get bytes(): ArrayBuffer {
    return this.#putInto(new Uint8Array(this.#length)).buffer
  }

  get text(): string {
    const length = this.#length
    const [first] = this.#chunks
    return decodeText(first?.length === length ? first : this.#putInto(workspaceOf(length)).subarray(0, length))
  }

  #putInto<Bytes extends Uint8Array>(bytes: Bytes): Bytes {
    let place = 0
    for (const chunk of this.#chunks) {
      bytes.set(chunk, place)
      place += chunk.length
    }
    return bytes
  }
}
