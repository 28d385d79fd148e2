;; Loops over voxels and bytes that SIMD makes several times as fast as JavaScript's. Addresses and
;; lengths are in bytes of the one memory, which threads may share and the caller divides; nothing is checked here.
;; After a change: `node infra/run.mjs test/fixtures/make/voxel-kernels.ts`.
(module
  (memory (import "host" "memory") 1 65536 shared)

  ;; Copy rows of 1-byte voxels (`width` of them, a multiple of 16) one behind the other.
  ;; Returns whether any bit of them is set.
  (func (export "split1")
    (param $from i32) (param $pitch i32) (param $rows i32) (param $width i32) (param $to i32) (param $apart i32)
    (result i32)
    (local $p i32) (local $end i32) (local $a v128) (local $any v128)
    (loop $row
      (local.set $p (local.get $from))
      (local.set $end (i32.add (local.get $from) (local.get $width)))
      (loop $next
        (local.set $a (v128.load (local.get $p)))
        (local.set $any (v128.or (local.get $any) (local.get $a)))
        (v128.store (local.get $to) (local.get $a))
        (local.set $to (i32.add (local.get $to) (i32.const 16)))
        (br_if $next
          (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 16))) (local.get $end))))
      (local.set $from (i32.add (local.get $from) (local.get $pitch)))
      (br_if $row (local.tee $rows (i32.sub (local.get $rows) (i32.const 1)))))
    (v128.any_true (local.get $any)))

  ;; The same for 2-byte voxels, whose second bytes go `apart` behind the first ones.
  (func (export "split2")
    (param $from i32) (param $pitch i32) (param $rows i32) (param $width i32) (param $to i32) (param $apart i32)
    (result i32)
    (local $p i32) (local $end i32) (local $a v128) (local $b v128) (local $any v128)
    (loop $row
      (local.set $p (local.get $from))
      (local.set $end (i32.add (local.get $from) (i32.shl (local.get $width) (i32.const 1))))
      (loop $next
        (local.set $a (v128.load (local.get $p)))
        (local.set $b (v128.load offset=16 (local.get $p)))
        (local.set $any (v128.or (local.get $any) (v128.or (local.get $a) (local.get $b))))
        (v128.store (local.get $to)
          (i8x16.shuffle 0 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 (local.get $a) (local.get $b)))
        (v128.store (i32.add (local.get $to) (local.get $apart))
          (i8x16.shuffle 1 3 5 7 9 11 13 15 17 19 21 23 25 27 29 31 (local.get $a) (local.get $b)))
        (local.set $to (i32.add (local.get $to) (i32.const 16)))
        (br_if $next
          (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 32))) (local.get $end))))
      (local.set $from (i32.add (local.get $from) (local.get $pitch)))
      (br_if $row (local.tee $rows (i32.sub (local.get $rows) (i32.const 1)))))
    (v128.any_true (local.get $any)))

  ;; The same for 4-byte voxels: four planes of bytes.
  (func (export "split4")
    (param $from i32) (param $pitch i32) (param $rows i32) (param $width i32) (param $to i32) (param $apart i32)
    (result i32)
    (local $p i32) (local $q i32) (local $end i32) (local $any v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $low v128) (local $low2 v128) (local $high v128) (local $high2 v128)
    (loop $row
      (local.set $p (local.get $from))
      (local.set $end (i32.add (local.get $from) (i32.shl (local.get $width) (i32.const 2))))
      (loop $next
        (local.set $a (v128.load (local.get $p)))
        (local.set $b (v128.load offset=16 (local.get $p)))
        (local.set $c (v128.load offset=32 (local.get $p)))
        (local.set $d (v128.load offset=48 (local.get $p)))
        (local.set $any (v128.or (local.get $any)
          (v128.or (v128.or (local.get $a) (local.get $b)) (v128.or (local.get $c) (local.get $d)))))
        ;; Halves of voxels first, then bytes of halves.
        (local.set $low
          (i8x16.shuffle 0 1 4 5 8 9 12 13 16 17 20 21 24 25 28 29 (local.get $a) (local.get $b)))
        (local.set $high
          (i8x16.shuffle 2 3 6 7 10 11 14 15 18 19 22 23 26 27 30 31 (local.get $a) (local.get $b)))
        (local.set $low2
          (i8x16.shuffle 0 1 4 5 8 9 12 13 16 17 20 21 24 25 28 29 (local.get $c) (local.get $d)))
        (local.set $high2
          (i8x16.shuffle 2 3 6 7 10 11 14 15 18 19 22 23 26 27 30 31 (local.get $c) (local.get $d)))
        (v128.store (local.get $to)
          (i8x16.shuffle 0 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 (local.get $low) (local.get $low2)))
        (v128.store (local.tee $q (i32.add (local.get $to) (local.get $apart)))
          (i8x16.shuffle 1 3 5 7 9 11 13 15 17 19 21 23 25 27 29 31 (local.get $low) (local.get $low2)))
        (v128.store (local.tee $q (i32.add (local.get $q) (local.get $apart)))
          (i8x16.shuffle 0 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 (local.get $high) (local.get $high2)))
        (v128.store (i32.add (local.get $q) (local.get $apart))
          (i8x16.shuffle 1 3 5 7 9 11 13 15 17 19 21 23 25 27 29 31 (local.get $high) (local.get $high2)))
        (local.set $to (i32.add (local.get $to) (i32.const 16)))
        (br_if $next
          (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 64))) (local.get $end))))
      (local.set $from (i32.add (local.get $from) (local.get $pitch)))
      (br_if $row (local.tee $rows (i32.sub (local.get $rows) (i32.const 1)))))
    (v128.any_true (local.get $any)))

  ;; Put `count` 2-byte voxels together whose second bytes lie `apart` behind the first ones. Works
  ;; on 16 at a time: up to 15 more are written.
  (func (export "join2") (param $from i32) (param $apart i32) (param $count i32) (param $to i32)
    (local $end i32) (local $a v128) (local $b v128)
    (local.set $end (i32.add (local.get $from) (local.get $count)))
    (loop $next
      (local.set $a (v128.load (local.get $from)))
      (local.set $b (v128.load (i32.add (local.get $from) (local.get $apart))))
      (v128.store (local.get $to)
        (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $a) (local.get $b)))
      (v128.store offset=16 (local.get $to)
        (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $a) (local.get $b)))
      (local.set $to (i32.add (local.get $to) (i32.const 32)))
      (br_if $next
        (i32.lt_u (local.tee $from (i32.add (local.get $from) (i32.const 16))) (local.get $end)))))

  ;; The same for 4-byte voxels.
  (func (export "join4") (param $from i32) (param $apart i32) (param $count i32) (param $to i32)
    (local $end i32) (local $q i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $low v128) (local $high v128)
    (local.set $end (i32.add (local.get $from) (local.get $count)))
    (loop $next
      (local.set $a (v128.load (local.get $from)))
      (local.set $b (v128.load (local.tee $q (i32.add (local.get $from) (local.get $apart)))))
      (local.set $c (v128.load (local.tee $q (i32.add (local.get $q) (local.get $apart)))))
      (local.set $d (v128.load (i32.add (local.get $q) (local.get $apart))))
      (local.set $low
        (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $a) (local.get $b)))
      (local.set $high
        (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $c) (local.get $d)))
      (v128.store (local.get $to)
        (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get $low) (local.get $high)))
      (v128.store offset=16 (local.get $to)
        (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31 (local.get $low) (local.get $high)))
      (local.set $low
        (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $a) (local.get $b)))
      (local.set $high
        (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $c) (local.get $d)))
      (v128.store offset=32 (local.get $to)
        (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get $low) (local.get $high)))
      (v128.store offset=48 (local.get $to)
        (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31 (local.get $low) (local.get $high)))
      (local.set $to (i32.add (local.get $to) (i32.const 64)))
      (br_if $next
        (i32.lt_u (local.tee $from (i32.add (local.get $from) (i32.const 16))) (local.get $end)))))

  ;; The least bytes at every place modulo 16 of `count` bytes (a multiple of 16) to `to`, the
  ;; greatest ones behind them.
  (func (export "range") (param $from i32) (param $count i32) (param $to i32)
    (local $end i32) (local $a v128) (local $least v128) (local $most v128)
    (local.set $end (i32.add (local.get $from) (local.get $count)))
    (local.set $least (v128.not (local.get $most)))
    (loop $next
      (local.set $a (v128.load (local.get $from)))
      (local.set $least (i8x16.min_u (local.get $least) (local.get $a)))
      (local.set $most (i8x16.max_u (local.get $most) (local.get $a)))
      (br_if $next
        (i32.lt_u (local.tee $from (i32.add (local.get $from) (i32.const 16))) (local.get $end))))
    (v128.store (local.get $to) (local.get $least))
    (v128.store offset=16 (local.get $to) (local.get $most)))

  ;; Add how often each byte occurs among `count` bytes (a multiple of 4) to four tables of 256 i32,
  ;; one per place modulo 4: equal neighbours do not wait for each other.
  (func (export "count") (param $from i32) (param $count i32) (param $to i32)
    (local $end i32) (local $p i32)
    (local.set $end (i32.add (local.get $from) (local.get $count)))
    (loop $next
      (local.set $p (i32.add (local.get $to)
        (i32.shl (i32.load8_u (local.get $from)) (i32.const 2))))
      (i32.store (local.get $p) (i32.add (i32.load (local.get $p)) (i32.const 1)))
      (local.set $p (i32.add (local.get $to)
        (i32.shl (i32.load8_u offset=1 (local.get $from)) (i32.const 2))))
      (i32.store offset=1024 (local.get $p)
        (i32.add (i32.load offset=1024 (local.get $p)) (i32.const 1)))
      (local.set $p (i32.add (local.get $to)
        (i32.shl (i32.load8_u offset=2 (local.get $from)) (i32.const 2))))
      (i32.store offset=2048 (local.get $p)
        (i32.add (i32.load offset=2048 (local.get $p)) (i32.const 1)))
      (local.set $p (i32.add (local.get $to)
        (i32.shl (i32.load8_u offset=3 (local.get $from)) (i32.const 2))))
      (i32.store offset=3072 (local.get $p)
        (i32.add (i32.load offset=3072 (local.get $p)) (i32.const 1)))
      (br_if $next
        (i32.lt_u (local.tee $from (i32.add (local.get $from) (i32.const 4))) (local.get $end)))))

  ;; Prefix codes of two bytes at once, out of those of single bytes between `low` and `high`.
  ;; `codes`: 256 i32, the code in bits 0-15, its length above. `pairs`: 65536 i32, by the two bytes
  ;; as a little-endian number: code in bits 0-21 (that of the second byte below that of the first,
  ;; as they are written backwards), length above.
  (func (export "pairCodes") (param $codes i32) (param $low i32) (param $high i32) (param $pairs i32)
    (local $first i32) (local $second i32) (local $a i32) (local $b i32)
    (local.set $second (local.get $low))
    (loop $outer
      (local.set $b (i32.load (i32.add (local.get $codes) (i32.shl (local.get $second) (i32.const 2)))))
      (local.set $first (local.get $low))
      (loop $inner
        (local.set $a (i32.load (i32.add (local.get $codes) (i32.shl (local.get $first) (i32.const 2)))))
        (i32.store
          (i32.add (local.get $pairs)
            (i32.shl
              (i32.or (local.get $first) (i32.shl (local.get $second) (i32.const 8)))
              (i32.const 2)))
          (i32.or
            (i32.or
              (i32.and (local.get $b) (i32.const 0xffff))
              (i32.shl
                (i32.and (local.get $a) (i32.const 0xffff))
                (i32.shr_u (local.get $b) (i32.const 16))))
            (i32.shl
              (i32.add (i32.shr_u (local.get $a) (i32.const 16)) (i32.shr_u (local.get $b) (i32.const 16)))
              (i32.const 22))))
        (br_if $inner
          (i32.le_u (local.tee $first (i32.add (local.get $first) (i32.const 1))) (local.get $high))))
      (br_if $outer
        (i32.le_u (local.tee $second (i32.add (local.get $second) (i32.const 1))) (local.get $high)))))

  ;; Write the codes of `count` bytes, the last byte's first, from the lowest bit of `to` on, and a
  ;; set bit that ends them. Returns the address behind the last byte written; up to 8 bytes more
  ;; are overwritten. Codes have at most 11 bits.
  (func (export "encode")
    (param $from i32) (param $count i32) (param $codes i32) (param $pairs i32) (param $to i32)
    (result i32)
    (local $p i32) (local $e i32) (local $w i32) (local $bits i32) (local $acc i64) (local $fours i32)
    (local.set $p (i32.add (local.get $from) (local.get $count)))
    (local.set $fours (i32.sub (local.get $p) (i32.and (local.get $count) (i32.const 3))))
    (block $even
      (loop $single
        (br_if $even (i32.eq (local.get $p) (local.get $fours)))
        (local.set $p (i32.sub (local.get $p) (i32.const 1)))
        (local.set $e (i32.load (i32.add (local.get $codes)
          (i32.shl (i32.load8_u (local.get $p)) (i32.const 2)))))
        (local.set $acc (i64.or (local.get $acc)
          (i64.shl
            (i64.extend_i32_u (i32.and (local.get $e) (i32.const 0xffff)))
            (i64.extend_i32_u (local.get $bits)))))
        (local.set $bits (i32.add (local.get $bits) (i32.shr_u (local.get $e) (i32.const 16))))
        (br $single)))
    (block $done
      (loop $four
        (i64.store (local.get $to) (local.get $acc))
        (local.set $to (i32.add (local.get $to) (i32.shr_u (local.get $bits) (i32.const 3))))
        (local.set $acc (i64.shr_u (local.get $acc)
          (i64.extend_i32_u (i32.and (local.get $bits) (i32.const 56)))))
        (local.set $bits (i32.and (local.get $bits) (i32.const 7)))
        (br_if $done (i32.eq (local.get $p) (local.get $from)))
        (local.set $p (i32.sub (local.get $p) (i32.const 4)))
        (local.set $w (i32.load (local.get $p)))
        (local.set $e (i32.load (i32.add (local.get $pairs)
          (i32.shl (i32.shr_u (local.get $w) (i32.const 16)) (i32.const 2)))))
        (local.set $acc (i64.or (local.get $acc)
          (i64.shl
            (i64.extend_i32_u (i32.and (local.get $e) (i32.const 0x3fffff)))
            (i64.extend_i32_u (local.get $bits)))))
        (local.set $bits (i32.add (local.get $bits) (i32.shr_u (local.get $e) (i32.const 22))))
        (local.set $e (i32.load (i32.add (local.get $pairs)
          (i32.shl (i32.and (local.get $w) (i32.const 0xffff)) (i32.const 2)))))
        (local.set $acc (i64.or (local.get $acc)
          (i64.shl
            (i64.extend_i32_u (i32.and (local.get $e) (i32.const 0x3fffff)))
            (i64.extend_i32_u (local.get $bits)))))
        (local.set $bits (i32.add (local.get $bits) (i32.shr_u (local.get $e) (i32.const 22))))
        (br $four)))
    (i64.store (local.get $to)
      (i64.or (local.get $acc) (i64.shl (i64.const 1) (i64.extend_i32_u (local.get $bits)))))
    (i32.add (local.get $to) (i32.const 1))))
