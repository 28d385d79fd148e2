;; Means of 2x2x2 voxels, as `halvePlanes` gives them: see `voxel-kernels.wat`, whose memory this is.
(module
  (memory (import "host" "memory") 1 65536 shared)

  ;; Means of 2x2x2 voxels: `rows` rows of two planes of 1-byte voxels, `pitch` bytes apart, become half
  ;; as many, `next` bytes apart. Of each the first `width` bytes: an even number of voxels, 32 bytes at
  ;; least. Whole numbers are rounded half up. Past an odd last row it stands for the missing one.
  (func (export "halveU8")
    (param $a i32) (param $b i32) (param $rows i32) (param $pitch i32) (param $width i32) (param $to i32) (param $next i32)
    (local $x i32) (local $p i32) (local $o i32) (local $below i32)
    (loop $row
      (local.set $below
        (select (local.get $pitch) (i32.const 0) (i32.gt_s (local.get $rows) (i32.const 1))))
      (local.set $x (i32.const 0))
      (loop $block
        ;; The last block ends with the row: what it shares with the one before, it makes again.
        (local.set $x (select (local.get $x) (i32.sub (local.get $width) (i32.const 32))
          (i32.le_u (i32.add (local.get $x) (i32.const 32)) (local.get $width))))
        (local.set $p (i32.add (local.get $a) (local.get $x)))
        (local.set $o (i32.add (local.get $b) (local.get $x)))
        (v128.store (i32.add (local.get $to) (i32.shr_u (local.get $x) (i32.const 1))) (i8x16.narrow_i16x8_u
          (i16x8.shr_u (i16x8.add
            (i16x8.add
              (i16x8.add (i16x8.extadd_pairwise_i8x16_u (v128.load (local.get $p)))
                (i16x8.extadd_pairwise_i8x16_u (v128.load (i32.add (local.get $p) (local.get $below)))))
              (i16x8.add (i16x8.extadd_pairwise_i8x16_u (v128.load (local.get $o)))
                (i16x8.extadd_pairwise_i8x16_u (v128.load (i32.add (local.get $o) (local.get $below))))))
            (v128.const i16x8 4 4 4 4 4 4 4 4)) (i32.const 3))
          (i16x8.shr_u (i16x8.add
            (i16x8.add
              (i16x8.add (i16x8.extadd_pairwise_i8x16_u (v128.load offset=16 (local.get $p)))
                (i16x8.extadd_pairwise_i8x16_u (v128.load offset=16 (i32.add (local.get $p) (local.get $below)))))
              (i16x8.add (i16x8.extadd_pairwise_i8x16_u (v128.load offset=16 (local.get $o)))
                (i16x8.extadd_pairwise_i8x16_u (v128.load offset=16 (i32.add (local.get $o) (local.get $below))))))
            (v128.const i16x8 4 4 4 4 4 4 4 4)) (i32.const 3))))
        (br_if $block
          (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 32))) (local.get $width))))
      (local.set $a (i32.add (local.get $a) (i32.shl (local.get $pitch) (i32.const 1))))
      (local.set $b (i32.add (local.get $b) (i32.shl (local.get $pitch) (i32.const 1))))
      (local.set $to (i32.add (local.get $to) (local.get $next)))
      (br_if $row (i32.gt_s
        (local.tee $rows (i32.sub (local.get $rows) (i32.const 2))) (i32.const 0)))))

  ;; The same for 2-byte voxels without a sign.
  (func (export "halveU16")
    (param $a i32) (param $b i32) (param $rows i32) (param $pitch i32) (param $width i32) (param $to i32) (param $next i32)
    (local $x i32) (local $p i32) (local $o i32) (local $below i32)
    (loop $row
      (local.set $below
        (select (local.get $pitch) (i32.const 0) (i32.gt_s (local.get $rows) (i32.const 1))))
      (local.set $x (i32.const 0))
      (loop $block
        ;; The last block ends with the row: what it shares with the one before, it makes again.
        (local.set $x (select (local.get $x) (i32.sub (local.get $width) (i32.const 32))
          (i32.le_u (i32.add (local.get $x) (i32.const 32)) (local.get $width))))
        (local.set $p (i32.add (local.get $a) (local.get $x)))
        (local.set $o (i32.add (local.get $b) (local.get $x)))
        (v128.store (i32.add (local.get $to) (i32.shr_u (local.get $x) (i32.const 1))) (i16x8.narrow_i32x4_u
          (i32x4.shr_u (i32x4.add
            (i32x4.add
              (i32x4.add (i32x4.extadd_pairwise_i16x8_u (v128.load (local.get $p)))
                (i32x4.extadd_pairwise_i16x8_u (v128.load (i32.add (local.get $p) (local.get $below)))))
              (i32x4.add (i32x4.extadd_pairwise_i16x8_u (v128.load (local.get $o)))
                (i32x4.extadd_pairwise_i16x8_u (v128.load (i32.add (local.get $o) (local.get $below))))))
            (v128.const i32x4 4 4 4 4)) (i32.const 3))
          (i32x4.shr_u (i32x4.add
            (i32x4.add
              (i32x4.add (i32x4.extadd_pairwise_i16x8_u (v128.load offset=16 (local.get $p)))
                (i32x4.extadd_pairwise_i16x8_u (v128.load offset=16 (i32.add (local.get $p) (local.get $below)))))
              (i32x4.add (i32x4.extadd_pairwise_i16x8_u (v128.load offset=16 (local.get $o)))
                (i32x4.extadd_pairwise_i16x8_u (v128.load offset=16 (i32.add (local.get $o) (local.get $below))))))
            (v128.const i32x4 4 4 4 4)) (i32.const 3))))
        (br_if $block
          (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 32))) (local.get $width))))
      (local.set $a (i32.add (local.get $a) (i32.shl (local.get $pitch) (i32.const 1))))
      (local.set $b (i32.add (local.get $b) (i32.shl (local.get $pitch) (i32.const 1))))
      (local.set $to (i32.add (local.get $to) (local.get $next)))
      (br_if $row (i32.gt_s
        (local.tee $rows (i32.sub (local.get $rows) (i32.const 2))) (i32.const 0)))))

  ;; The same for 2-byte voxels with one.
  (func (export "halveS16")
    (param $a i32) (param $b i32) (param $rows i32) (param $pitch i32) (param $width i32) (param $to i32) (param $next i32)
    (local $x i32) (local $p i32) (local $o i32) (local $below i32)
    (loop $row
      (local.set $below
        (select (local.get $pitch) (i32.const 0) (i32.gt_s (local.get $rows) (i32.const 1))))
      (local.set $x (i32.const 0))
      (loop $block
        ;; The last block ends with the row: what it shares with the one before, it makes again.
        (local.set $x (select (local.get $x) (i32.sub (local.get $width) (i32.const 32))
          (i32.le_u (i32.add (local.get $x) (i32.const 32)) (local.get $width))))
        (local.set $p (i32.add (local.get $a) (local.get $x)))
        (local.set $o (i32.add (local.get $b) (local.get $x)))
        (v128.store (i32.add (local.get $to) (i32.shr_u (local.get $x) (i32.const 1))) (i16x8.narrow_i32x4_s
          (i32x4.shr_s (i32x4.add
            (i32x4.add
              (i32x4.add (i32x4.extadd_pairwise_i16x8_s (v128.load (local.get $p)))
                (i32x4.extadd_pairwise_i16x8_s (v128.load (i32.add (local.get $p) (local.get $below)))))
              (i32x4.add (i32x4.extadd_pairwise_i16x8_s (v128.load (local.get $o)))
                (i32x4.extadd_pairwise_i16x8_s (v128.load (i32.add (local.get $o) (local.get $below))))))
            (v128.const i32x4 4 4 4 4)) (i32.const 3))
          (i32x4.shr_s (i32x4.add
            (i32x4.add
              (i32x4.add (i32x4.extadd_pairwise_i16x8_s (v128.load offset=16 (local.get $p)))
                (i32x4.extadd_pairwise_i16x8_s (v128.load offset=16 (i32.add (local.get $p) (local.get $below)))))
              (i32x4.add (i32x4.extadd_pairwise_i16x8_s (v128.load offset=16 (local.get $o)))
                (i32x4.extadd_pairwise_i16x8_s (v128.load offset=16 (i32.add (local.get $o) (local.get $below))))))
            (v128.const i32x4 4 4 4 4)) (i32.const 3))))
        (br_if $block
          (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 32))) (local.get $width))))
      (local.set $a (i32.add (local.get $a) (i32.shl (local.get $pitch) (i32.const 1))))
      (local.set $b (i32.add (local.get $b) (i32.shl (local.get $pitch) (i32.const 1))))
      (local.set $to (i32.add (local.get $to) (local.get $next)))
      (br_if $row (i32.gt_s
        (local.tee $rows (i32.sub (local.get $rows) (i32.const 2))) (i32.const 0)))))

  ;; The same for floats, added one after the other in double precision and rounded once.
  (func (export "halveF32")
    (param $a i32) (param $b i32) (param $rows i32) (param $pitch i32) (param $width i32) (param $to i32) (param $next i32)
    (local $x i32) (local $p i32) (local $o i32) (local $below i32)
    (local $v v128) (local $low v128) (local $high v128)
    (loop $row
      (local.set $below
        (select (local.get $pitch) (i32.const 0) (i32.gt_s (local.get $rows) (i32.const 1))))
      (local.set $x (i32.const 0))
      (loop $block
        ;; The last block ends with the row: what it shares with the one before, it makes again.
        (local.set $x (select (local.get $x) (i32.sub (local.get $width) (i32.const 32))
          (i32.le_u (i32.add (local.get $x) (i32.const 32)) (local.get $width))))
        (local.set $p (i32.add (local.get $a) (local.get $x)))
        (local.set $o (i32.add (local.get $b) (local.get $x)))
        (local.set $v (v128.load (local.get $p)))
        (local.set $low (f64x2.promote_low_f32x4
          (i8x16.shuffle 0 1 2 3 8 9 10 11 16 16 16 16 16 16 16 16 (local.get $v) (local.get $v))))
        (local.set $low (f64x2.add (local.get $low) (f64x2.promote_low_f32x4
          (i8x16.shuffle 4 5 6 7 12 13 14 15 16 16 16 16 16 16 16 16 (local.get $v) (local.get $v)))))
        (local.set $v (v128.load (i32.add (local.get $p) (local.get $below))))
        (local.set $low (f64x2.add (local.get $low) (f64x2.promote_low_f32x4
          (i8x16.shuffle 0 1 2 3 8 9 10 11 16 16 16 16 16 16 16 16 (local.get $v) (local.get $v)))))
        (local.set $low (f64x2.add (local.get $low) (f64x2.promote_low_f32x4
          (i8x16.shuffle 4 5 6 7 12 13 14 15 16 16 16 16 16 16 16 16 (local.get $v) (local.get $v)))))
        (local.set $v (v128.load (local.get $o)))
        (local.set $low (f64x2.add (local.get $low) (f64x2.promote_low_f32x4
          (i8x16.shuffle 0 1 2 3 8 9 10 11 16 16 16 16 16 16 16 16 (local.get $v) (local.get $v)))))
        (local.set $low (f64x2.add (local.get $low) (f64x2.promote_low_f32x4
          (i8x16.shuffle 4 5 6 7 12 13 14 15 16 16 16 16 16 16 16 16 (local.get $v) (local.get $v)))))
        (local.set $v (v128.load (i32.add (local.get $o) (local.get $below))))
        (local.set $low (f64x2.add (local.get $low) (f64x2.promote_low_f32x4
          (i8x16.shuffle 0 1 2 3 8 9 10 11 16 16 16 16 16 16 16 16 (local.get $v) (local.get $v)))))
        (local.set $low (f64x2.add (local.get $low) (f64x2.promote_low_f32x4
          (i8x16.shuffle 4 5 6 7 12 13 14 15 16 16 16 16 16 16 16 16 (local.get $v) (local.get $v)))))
        (local.set $v (v128.load offset=16 (local.get $p)))
        (local.set $high (f64x2.promote_low_f32x4
          (i8x16.shuffle 0 1 2 3 8 9 10 11 16 16 16 16 16 16 16 16 (local.get $v) (local.get $v))))
        (local.set $high (f64x2.add (local.get $high) (f64x2.promote_low_f32x4
          (i8x16.shuffle 4 5 6 7 12 13 14 15 16 16 16 16 16 16 16 16 (local.get $v) (local.get $v)))))
        (local.set $v (v128.load offset=16 (i32.add (local.get $p) (local.get $below))))
        (local.set $high (f64x2.add (local.get $high) (f64x2.promote_low_f32x4
          (i8x16.shuffle 0 1 2 3 8 9 10 11 16 16 16 16 16 16 16 16 (local.get $v) (local.get $v)))))
        (local.set $high (f64x2.add (local.get $high) (f64x2.promote_low_f32x4
          (i8x16.shuffle 4 5 6 7 12 13 14 15 16 16 16 16 16 16 16 16 (local.get $v) (local.get $v)))))
        (local.set $v (v128.load offset=16 (local.get $o)))
        (local.set $high (f64x2.add (local.get $high) (f64x2.promote_low_f32x4
          (i8x16.shuffle 0 1 2 3 8 9 10 11 16 16 16 16 16 16 16 16 (local.get $v) (local.get $v)))))
        (local.set $high (f64x2.add (local.get $high) (f64x2.promote_low_f32x4
          (i8x16.shuffle 4 5 6 7 12 13 14 15 16 16 16 16 16 16 16 16 (local.get $v) (local.get $v)))))
        (local.set $v (v128.load offset=16 (i32.add (local.get $o) (local.get $below))))
        (local.set $high (f64x2.add (local.get $high) (f64x2.promote_low_f32x4
          (i8x16.shuffle 0 1 2 3 8 9 10 11 16 16 16 16 16 16 16 16 (local.get $v) (local.get $v)))))
        (local.set $high (f64x2.add (local.get $high) (f64x2.promote_low_f32x4
          (i8x16.shuffle 4 5 6 7 12 13 14 15 16 16 16 16 16 16 16 16 (local.get $v) (local.get $v)))))
        (v128.store (i32.add (local.get $to) (i32.shr_u (local.get $x) (i32.const 1)))
          (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23
            (f32x4.demote_f64x2_zero (f64x2.mul (local.get $low) (v128.const f64x2 0.125 0.125)))
            (f32x4.demote_f64x2_zero (f64x2.mul (local.get $high) (v128.const f64x2 0.125 0.125)))))
        (br_if $block
          (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 32))) (local.get $width))))
      (local.set $a (i32.add (local.get $a) (i32.shl (local.get $pitch) (i32.const 1))))
      (local.set $b (i32.add (local.get $b) (i32.shl (local.get $pitch) (i32.const 1))))
      (local.set $to (i32.add (local.get $to) (local.get $next)))
      (br_if $row (i32.gt_s
        (local.tee $rows (i32.sub (local.get $rows) (i32.const 2))) (i32.const 0))))))
