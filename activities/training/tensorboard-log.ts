import protobuf from "protobufjs";
import type { LogPoint } from "./log-point.ts";
import { encodeTfRecords } from "./tf-record.ts";

const field = (type: string, id: number) => ({ type, id });
const repeated = (type: string, id: number) => ({ rule: "repeated", type, id });

/**
 * The fields that we write of TensorFlow's messages.
 *
 * @see tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto
 */
const MESSAGES = protobuf.Root.fromJSON({
  nested: {
    Event: {
      oneofs: { what: { oneof: ["fileVersion", "summary", "sessionLog"] } },
      fields: {
        wallTime: field("double", 1),
        step: field("int64", 2),
        fileVersion: field("string", 3),
        summary: field("Summary", 5),
        sessionLog: field("SessionLog", 7),
      },
    },
    Summary: { fields: { value: repeated("Value", 1) } },
    Value: {
      oneofs: { value: { oneof: ["simpleValue"] } },
      fields: { tag: field("string", 1), simpleValue: field("float", 2) },
    },
    SessionLog: { fields: { status: field("int32", 1) } }, // an enum there: the same on the wire
  },
});

const EVENT = MESSAGES.lookupType("Event");

/** SessionLog.SessionStatus.START */
const START = 1;

/**
 * Points as a file that TensorBoard reads by itself: a scalar per value, under the value's name.
 *
 * It begins with a start of session at its first step: TensorBoard forgets what earlier files of the
 * folder say of this step and later ones, as a training that went back to a checkpoint means it.
 */
export function encodeEvents(points: readonly LogPoint[]): Uint8Array {
  const [first] = points;
  const seconds = (time: number) => time / 1000;
  const began = first === undefined ? 0 : seconds(first.time);
  return encodeTfRecords(
    [
      { wallTime: began, fileVersion: "brain.Event:2" },
      ...(first === undefined
        ? []
        : [{ wallTime: began, step: first.step, sessionLog: { status: START } }]),
      ...points.map(({ step, time, values }) => ({
        wallTime: seconds(time),
        step,
        summary: {
          value: Object.entries(values).map(([tag, simpleValue]) => ({ tag, simpleValue })),
        },
      })),
    ].map((event) => EVENT.encode(EVENT.create(event)).finish()),
  );
}
