//! The hash pool: its results, its bounds, its end.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::*;
use crate::testing::{StillClock, cheap, wait};

const INPUT: [u8; INPUT_BYTES] = [1; INPUT_BYTES];
const SALT: [u8; SALT_BYTES] = [2; SALT_BYTES];

/// A pool whose jobs nobody takes, so that a test decides when one begins.
fn unattended(limit: usize, clock: Arc<StillClock>) -> HashPool {
    HashPool { queue: Arc::new(Queue::with_limit(limit)), threads: Vec::new(), parameters: cheap(), clock }
}

fn poll<T>(future: std::pin::Pin<&mut impl Future<Output = T>>) -> Poll<T> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn one_thread() -> HashPool {
    crate::testing::pool(cheap())
}

#[test]
fn the_same_input_gives_the_same_hash_and_another_a_different_one() {
    let pool = one_thread();
    let hash = |byte: u8, salt| *wait(pool.hash(cheap(), Secret::new([byte; INPUT_BYTES]), salt)).unwrap().expose();
    assert_eq!(hash(1, SALT), hash(1, SALT));
    assert_ne!(hash(1, SALT), hash(2, SALT));
    assert_ne!(hash(1, SALT), hash(1, [3; SALT_BYTES]));
}

#[test]
fn a_hash_with_more_memory_than_the_arena_is_made_too() {
    let pool = one_thread();
    let larger = HashParameters::new(1024, 2, 2).unwrap();
    let made = wait(pool.hash(larger, Secret::new(INPUT), SALT)).unwrap();
    assert_eq!(made.expose(), Arena::for_parameters(larger).hash(larger, &INPUT, &SALT).expose());
    assert!(wait(pool.hash(cheap(), Secret::new(INPUT), SALT)).is_ok());
}

#[test]
fn a_full_queue_refuses_at_once() {
    let pool = unattended(2, Arc::new(StillClock::new()));
    let mut first = pin!(pool.hash(cheap(), Secret::new(INPUT), SALT));
    let mut second = pin!(pool.hash(cheap(), Secret::new(INPUT), SALT));
    let mut third = pin!(pool.hash(cheap(), Secret::new(INPUT), SALT));
    assert!(poll(first.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
    assert!(matches!(poll(third.as_mut()), Poll::Ready(Err(BUSY))));
}

#[test]
fn a_hash_that_waited_too_long_is_not_begun() {
    for (waited, begun) in [(PATIENCE, true), (PATIENCE + Duration::from_micros(1), false)] {
        let clock = Arc::new(StillClock::new());
        let pool = unattended(1, Arc::clone(&clock));
        let mut job = pin!(pool.hash(cheap(), Secret::new(INPUT), SALT));
        assert!(poll(job.as_mut()).is_pending());
        clock.pass(waited);
        thread::scope(|scope| {
            scope.spawn(|| work(&pool.queue, Arena::for_parameters(cheap()), &*clock));
            assert_eq!(wait(job).map(|_| ()), if begun { Ok(()) } else { Err(BUSY) }, "after {waited:?}");
            pool.queue.close();
        });
    }
}

#[test]
fn whoever_goes_away_is_passed_over() {
    let clock = Arc::new(StillClock::new());
    let pool = unattended(2, Arc::clone(&clock));
    {
        let mut abandoned = pin!(pool.hash(cheap(), Secret::new(INPUT), SALT));
        assert_eq!(pool.load(), Load { waiting: 0, capacity: 2 });
        assert!(poll(abandoned.as_mut()).is_pending());
        assert_eq!(pool.load(), Load { waiting: 1, capacity: 2 });
    }
    let job = pool.queue.pop().unwrap();
    assert!(job.answer.is_closed());
}

#[test]
fn what_waits_when_the_pool_ends_is_told_so() {
    let pool = unattended(2, Arc::new(StillClock::new()));
    let queue = Arc::clone(&pool.queue);
    let mut waiting = pin!(pool.hash(cheap(), Secret::new(INPUT), SALT));
    assert!(poll(waiting.as_mut()).is_pending());
    queue.close();
    assert!(matches!(poll(waiting.as_mut()), Poll::Ready(Err(BUSY))));
    assert_eq!(wait(pool.hash(cheap(), Secret::new(INPUT), SALT)).map(|_| ()), Err(BUSY));
}

#[test]
fn dropping_the_pool_ends_its_threads() {
    let pool = one_thread();
    let queue = Arc::downgrade(&pool.queue);
    wait(pool.hash(cheap(), Secret::new(INPUT), SALT)).unwrap();
    drop(pool);
    assert!(queue.upgrade().is_none(), "a thread still holds the queue");
}

#[test]
fn many_callers_are_all_served() {
    let pool = HashPool::start(cheap(), NonZeroUsize::new(3), Arc::new(StillClock::new())).unwrap();
    let pool = &pool;
    thread::scope(|scope| {
        for byte in 0..3 * u8::try_from(WAITING_PER_THREAD).unwrap() {
            scope.spawn(move || {
                let input = [byte; INPUT_BYTES];
                let made = wait(pool.hash(cheap(), Secret::new(input), SALT)).unwrap();
                assert_eq!(made.expose(), Arena::for_parameters(cheap()).hash(cheap(), &input, &SALT).expose());
            });
        }
    });
}

#[test]
fn an_unknown_name_waits_for_a_hash_of_the_same_cost() {
    let pool = unattended(1, Arc::new(StillClock::new()));
    let queue = Arc::clone(&pool.queue);
    let hasher = crate::Hasher::new(pool, Arc::new(crate::testing::keys(1)), &crate::testing::Seeded::new(1));
    let password = crate::password::Password::parse(&Secret::new("anything".to_owned())).unwrap();
    let mut verified = pin!(password.verify(&hasher, None));
    assert!(poll(verified.as_mut()).is_pending());
    let job = queue.pop().unwrap();
    assert_eq!(job.parameters, cheap());
    work_on(job);
    assert_eq!(wait(verified), Ok(crate::Verdict::Wrong));
}

fn work_on(job: Job) {
    let hash = Arena::for_parameters(job.parameters).hash(job.parameters, job.input.expose(), &job.salt);
    assert!(job.answer.send(hash).is_ok(), "somebody waits for it");
}

#[test]
fn threads_are_named_for_the_benchmark() {
    let pool = HashPool::start(cheap(), NonZeroUsize::new(2), Arc::new(StillClock::new())).unwrap();
    let names: Vec<_> = pool.threads.iter().map(|thread| thread.thread().name().unwrap()).collect();
    assert_eq!(names, ["hash-0", "hash-1"]);
}

#[test]
fn parameters_have_limits() {
    #[rustfmt::skip]
    let table = [
        (19_456,             2,  1, true),
        (8,                  1,  1, true),
        (7,                  1,  1, false),
        (64,                 1,  8, true),
        (63,                 1,  8, false),
        (MEMORY_KIB_MAX,     16, 8, true),
        (MEMORY_KIB_MAX + 1, 1,  1, false),
        (19_456,             0,  1, false),
        (19_456,             17, 1, false),
        (19_456,             1,  0, false),
        (19_456,             1,  9, false),
    ];
    for (memory_kib, passes, lanes, known) in table {
        assert_eq!(HashParameters::new(memory_kib, passes, lanes).is_ok(), known, "{memory_kib} {passes} {lanes}");
    }
    let default = HashParameters::default();
    assert_eq!((default.memory_kib(), default.passes(), default.lanes()), (19_456, 2, 1));
}
