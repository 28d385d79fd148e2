import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { InvalidInput } from "../../../domain/errors.ts";
import { accuracy, angularError, predictedClasses } from "../../../domain/pretexts/angles.ts";
import { rotationLoss } from "../../../domain/pretexts/rotation-loss.ts";
import { expectNoLeak, seeded } from "../../support/tensors.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const classesOf = (...classes: number[]) => tf.tensor1d(classes, "int32");

test("guessing costs ln 7", () => {
  const loss = rotationLoss(tf.zeros([3, 7]), classesOf(0, 3, 6));
  expect(loss.dataSync()[0]).toBeCloseTo(1.9459, 4);
});

test("is the mean of minus the log of the softmax at the truth", () => {
  const logits = seeded([4, 7], 1) as tf.Tensor2D;
  const classes = [6, 0, 2, 2];
  const rows = logits.arraySync();
  const each = rows.map((row, i) => {
    const sum = row.reduce((total, v) => total + Math.exp(v), 0);
    return -Math.log(Math.exp(row[classes[i]!]!) / sum);
  });
  const mean = each.reduce((a, b) => a + b) / 4;
  expect(rotationLoss(logits, classesOf(...classes)).dataSync()[0]).toBeCloseTo(mean, 5);
});

test("has a finite gradient even where it is certain of the wrong angle", () => {
  const gradient = tf.grad((x) => rotationLoss(x as tf.Tensor2D, classesOf(0)));
  const certain = tf.tensor2d([[-1e4, 1e4, 0, 0, 0, 0, 0]]);
  expect([...gradient(certain).dataSync()].every(Number.isFinite)).toBe(true);
});

test("leaves nothing behind but its result, and rejects what are no classes of its pairs", () => {
  const logits = tf.zeros<tf.Rank.R2>([2, 7]);
  const classes = classesOf(0, 1);
  expectNoLeak(() => rotationLoss(logits, classes).dispose());
  expect(() => rotationLoss(logits, classesOf(0))).toThrow(InvalidInput);
  expect(() => rotationLoss(logits, tf.tensor1d([0, 1]))).toThrow(InvalidInput);
});

test("accuracy and angular error of logits", () => {
  const row = (c: number) => Array.from({ length: 7 }, (_, i) => +(i === c));
  const predicted = predictedClasses(Float32Array.from([row(0), row(3), row(6)].flat()));
  expect(predicted).toEqual([0, 3, 6]);
  expect(accuracy(predicted, Int32Array.of(0, 3, 5))).toBeCloseTo(2 / 3, 12);
  expect(angularError(predicted, [1, 3, 0])).toBeCloseTo((30 + 0 + 180) / 3, 12);
});
