//! Several requests on one connection, sent one after the other and answered together.

use std::future::{Future, poll_fn};
use std::task::Poll;

/// Waits for all. Each is polled for the first time, and so sent, in the order given.
pub(super) async fn in_order<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut futures: Vec<_> = futures.map(Box::pin).collect();
    let mut outputs: Vec<Option<F::Output>> = futures.iter().map(|_| None).collect();
    poll_fn(|context| {
        for (future, output) in futures.iter_mut().zip(&mut outputs) {
            if output.is_none()
                && let Poll::Ready(ready) = future.as_mut().poll(context)
            {
                *output = Some(ready);
            }
        }
        if outputs.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    outputs.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[tokio::test]
    async fn all_are_begun_in_order_before_any_is_waited_for() {
        let begun = Mutex::new(Vec::new());
        let (open, gate) = tokio::sync::watch::channel(0);
        let wait = |nth: u32| {
            let (begun, mut gate) = (&begun, gate.clone());
            async move {
                begun.lock().unwrap().push(nth);
                gate.wait_for(|at| *at >= 3 - nth).await.unwrap();
                nth
            }
        };
        let opening = async {
            for at in 1..=3 {
                assert_eq!(*begun.lock().unwrap(), [0, 1, 2]);
                open.send(at).unwrap();
                tokio::task::yield_now().await;
            }
        };
        let (outputs, ()) = tokio::join!(in_order((0..3).map(wait)), opening);
        assert_eq!(outputs, [0, 1, 2]);
    }
}
