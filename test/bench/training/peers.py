"""The works of our peer in `npm run bench -- training`: Keras 3 on the same TensorFlow.

The same networks as domain/networks/, layer by layer: torchvision's ResNets (v1.5) with one input
channel, padding as torch has it, a linear score of the averaged features, the margin ranking loss
over all pairs, and Adam. Weights and images come from files of ours, so that the losses can be
compared.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
import tensorflow as tf
from keras import layers

WARM = 2
BATCHES = 4
BLOCKS = {"resnet18": [2, 2, 2, 2], "resnet50": [3, 4, 6, 3]}

ordered = []  # layers with weights, in the order of our parameters


def keep(layer, x):
    ordered.append(layer)
    return layer(x)


def convolve(x, channels, size, stride):
    if stride == 1:
        return keep(layers.Conv2D(channels, size, padding="same", use_bias=False), x)
    if size > 1:
        x = layers.ZeroPadding2D((size - 1) // 2)(x)
    return keep(layers.Conv2D(channels, size, stride, padding="valid", use_bias=False), x)


def normalise(x):
    return keep(layers.BatchNormalization(momentum=0.9, epsilon=1e-5), x)


def block(x, channels, stride, bottleneck):
    out = 4 * channels if bottleneck else channels
    shapes = (
        [(channels, 1, 1), (channels, 3, stride), (out, 1, 1)]
        if bottleneck
        else [(channels, 3, stride), (channels, 3, 1)]
    )
    y = x
    for i, shape in enumerate(shapes):
        y = normalise(convolve(y, *shape))
        if i < len(shapes) - 1:
            y = layers.ReLU()(y)
    if stride != 1 or x.shape[-1] != out:
        x = normalise(convolve(x, out, 1, stride))
    return layers.ReLU()(layers.Add()([y, x]))


def resnet(kind, batch, size):
    x = images = layers.Input((size, size, 1), batch_size=batch)
    x = layers.ReLU()(normalise(convolve(x, 64, 7, 2)))
    x = layers.MaxPooling2D(3, 2)(layers.ZeroPadding2D(1)(x))
    for stage, count in enumerate(BLOCKS[kind]):
        for i in range(count):
            stride = 2 if stage > 0 and i == 0 else 1
            x = block(x, 64 * 2**stage, stride, kind == "resnet50")
    return keras.Model(images, keep(layers.Dense(1), layers.GlobalAveragePooling2D()(x)))


def load(folder, setting):
    model = resnet(setting["kind"], setting["batch"], setting["size"])
    weights = np.fromfile(os.path.join(folder, "weights.f32"), np.float32)
    at = 0
    for layer in ordered:
        for variable in layer.trainable_weights:
            count = int(np.prod(variable.shape))
            variable.assign(weights[at : at + count].reshape(variable.shape))
            at += count
    assert at == weights.size, f"{weights.size} weights for a network of {at}"
    images = np.fromfile(os.path.join(folder, "images.f32"), np.float32)
    return model, images.reshape(BATCHES, setting["batch"], setting["size"], setting["size"], 1)


def loss_of(model, batch):
    after = tf.constant([[float(i > j) for j in range(batch)] for i in range(batch)])

    def loss(images):
        scores = model(images, training=True)[:, 0]
        gaps = scores[:, None] - scores[None, :]
        return tf.reduce_sum(tf.nn.relu(0.2 - gaps) * after) / (batch * (batch - 1) / 2)

    return loss


def step_of(model, batch):
    loss_on = loss_of(model, batch)
    adam = keras.optimizers.Adam(1e-3, epsilon=1e-8)
    adam.build(model.trainable_variables)

    def step(images):
        with tf.GradientTape() as tape:
            loss = loss_on(images)
        gradients = tape.gradient(loss, model.trainable_variables)
        adam.apply_gradients(zip(gradients, model.trainable_variables))
        return loss

    return step


def gradient_of(model, batch, images):
    """The loss of the first step, then the length of its gradient."""
    with tf.GradientTape() as tape:
        loss = loss_of(model, batch)(images)
    gradients = tape.gradient(loss, model.trainable_variables)
    numbers = [float(loss), float(tf.linalg.global_norm(gradients))]
    return lambda k: numbers[k - 1]


def main(name, folder, setting):
    work, compiler = name.split("-")
    model, images = load(folder, setting)
    if work == "gradient":
        run = gradient_of(model, setting["batch"], tf.constant(images[1]))
        print(json.dumps({"losses": [run(1), run(2)], "seconds": 0, "cpuSeconds": 0, "peakBytes": 0}))
        return
    call = step_of(model, setting["batch"]) if work == "step" else lambda x: model(x)[0, 0]
    call = tf.function(call, jit_compile=compiler == "xla")
    run = lambda k: float(call(tf.constant(images[k % BATCHES])))
    losses = []
    began = time.perf_counter()
    for k in range(1, WARM + 1):
        losses.append(run(k))
    preparing = time.perf_counter() - began
    steps = setting["steps"]
    wall, cpu = time.perf_counter(), time.process_time()
    for k in range(WARM + 1, WARM + steps + 1):
        losses.append(run(k))
    seconds = (time.perf_counter() - wall) / steps
    cpu_seconds = (time.process_time() - cpu) / steps
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    versions = f"Keras {keras.__version__}, TensorFlow {tf.__version__}"
    print(
        json.dumps(
            {
                "losses": losses,
                "preparing": preparing,
                "versions": versions,
                "seconds": seconds,
                "cpuSeconds": cpu_seconds,
                "peakBytes": peak * 1024,
            }
        )
    )


arguments = json.loads(sys.argv[2])
main(sys.argv[1], arguments["folder"], arguments["setting"])
