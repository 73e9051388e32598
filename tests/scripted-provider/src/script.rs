//! Markers in prompts: `[drop]`, or `[busy:2]` for the first two submissions of that video.
//!
//! Submissions of one video are told by our client's reference up to its last `_`, else by the
//! prompt. Without a number, what a later attempt can mend happens once and the rest always.

/// What goes wrong with one submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// 400, moderation.
    Refuse,
    /// 400, not understood.
    Invalid,
    /// 429 with Retry-After.
    Busy,
    /// 503 with Retry-After: nothing was made.
    Transient,
    /// 500, and no job.
    Broken,
    /// A job is kept; the connection ends before the answer.
    Drop,
    /// No job is kept; the connection ends before the answer.
    DropLost,
    /// The answer comes twice on the wire.
    Twice,
    /// The answer to the create call takes two seconds.
    SlowAnswer,
    /// The job takes ten times as long.
    Slow,
    /// The job fails: the generator's own trouble.
    Fail,
    /// The job fails: moderation.
    Block,
    /// Success, with half a file.
    Truncated,
    /// Success, with a file that is no video.
    Garbage,
    /// The first two downloads end half-way.
    Cut,
    /// As slow; a cancel is answered as taken, and the job finishes all the same.
    Deaf,
    /// As slow; a cancel is refused, and the job finishes.
    Stubborn,
    /// The job takes thirty times as long, whoever asks it to stop, and then finishes.
    Overdue,
    /// 400, moderation, in words that repeat the prompt, the key and a signed address.
    Echo,
    /// Accepted, and nobody knows it afterwards.
    Lose,
    /// Success, and the link has expired.
    Expire,
}

/// (marker, fault, times without a number; 0 means always)
const MARKERS: &[(&str, Fault, u32)] = &[
    ("refuse", Fault::Refuse, 0),
    ("invalid", Fault::Invalid, 0),
    ("busy", Fault::Busy, 1),
    ("transient", Fault::Transient, 1),
    ("broken", Fault::Broken, 1),
    ("drop", Fault::Drop, 1),
    ("drop-lost", Fault::DropLost, 1),
    ("twice", Fault::Twice, 0),
    ("slow-answer", Fault::SlowAnswer, 1),
    ("slow", Fault::Slow, 0),
    ("fail", Fault::Fail, 1),
    ("block", Fault::Block, 0),
    ("truncated", Fault::Truncated, 0),
    ("garbage", Fault::Garbage, 0),
    ("cut", Fault::Cut, 0),
    ("deaf", Fault::Deaf, 0),
    ("stubborn", Fault::Stubborn, 0),
    ("overdue", Fault::Overdue, 0),
    ("echo", Fault::Echo, 0),
    ("lose", Fault::Lose, 1),
    ("expire", Fault::Expire, 1),
];

/// What happens to the `nth` submission (from 1) of a video with this prompt.
#[must_use]
pub fn fault(prompt: &str, nth: u32) -> Fault {
    let mut rest = prompt;
    while let Some((_, after)) = rest.split_once('[') {
        let Some((marker, after)) = after.split_once(']') else { break };
        let (name, times) = match marker.split_once(':') {
            Some((name, times)) => (name, times.parse().ok()),
            None => (marker, None),
        };
        if let Some((_, fault, usual)) = MARKERS.iter().find(|(known, ..)| *known == name) {
            let times = times.unwrap_or(*usual);
            if times == 0 || nth <= times {
                return *fault;
            }
        }
        rest = after;
    }
    Fault::None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_found_and_run_out() {
        assert_eq!(fault("a cat", 1), Fault::None);
        assert_eq!(fault("a cat [drop]", 1), Fault::Drop);
        assert_eq!(fault("a cat [drop]", 2), Fault::None);
        assert_eq!(fault("a [red] cat [busy:3]", 3), Fault::Busy);
        assert_eq!(fault("a cat [refuse] [drop]", 9), Fault::Refuse);
        assert_eq!(fault("a cat [drop] [busy:3]", 2), Fault::Busy);
    }
}
