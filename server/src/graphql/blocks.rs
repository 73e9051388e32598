//! The videos of a batch by columns: what a table of ten thousand of them is drawn from.
//!
//! A block is one object whatever lies in it, so a batch of 10,000 costs what a hundred videos do;
//! and each value's text stands in it once.

use std::collections::HashMap;

use async_graphql::{ID, SimpleObject};
use entity::enums::Mark;
use entity::ids::VideoId;

use super::error::{Answer, invalid_input};
use super::marks::MarkWord;
use super::scalars::{Long, int};
use super::words::VideoStateWord;
use crate::domain::access::Scope;
use crate::domain::batches::model::bound_values;
use crate::domain::batches::{Batch, Batches, Video, VideoFilter};
use crate::kernel::page::PageArgs;
use crate::kernel::reason::Reason;

/// Videos of a block.
const BLOCK: usize = 100;
/// Most blocks of one answer.
const MOST: i32 = 10;
/// Stands where a video has no value of a variable.
const NONE: i32 = -1;

/// Up to 100 videos that follow one another, by columns: the n-th entry of each list is of the n-th
/// video.
#[derive(SimpleObject)]
pub struct VideoBlock {
    /// Opaque ids, `vid_…`.
    ids: Vec<ID>,
    /// Places in the batch, from 0.
    ordinals: Vec<i32>,
    /// Where each stands.
    states: Vec<VideoStateWord>,
    /// Revision of the batch at the newest change of each.
    revs: Vec<Long>,
    /// The newest mark of each; null where nobody marked it.
    marks: Vec<Option<MarkWord>>,
    /// The variables, in the order of the axes.
    names: Vec<String>,
    /// Every value of this block, once.
    texts: Vec<String>,
    /// For each video, for each of `names`: which of `texts`; -1 where it has none.
    values: Vec<i32>,
}

/// The blocks after an ordinal, in order.
///
/// # Errors
/// `INVALID_INPUT` for more than ten, or an ordinal below 0; the database's failure.
pub async fn read(
    batches: &Batches,
    (scope, batch): (&Scope, &Batch),
    (first, after): (Option<i32>, Option<i32>),
) -> Answer<Vec<VideoBlock>> {
    let first = first.unwrap_or(MOST);
    if !(1..=MOST).contains(&first) {
        return Err(invalid_input("first", Reason::OutOfRange).with("min", 1).with("max", MOST));
    }
    if after.is_some_and(|after| after < 0) {
        return Err(invalid_input("after", Reason::BelowMinimum).with("min", 0));
    }
    let page = PageArgs {
        first: BLOCK * usize::try_from(first).unwrap_or(1),
        after: after.map(|after| after.to_string()),
    };
    let rows = batches.videos(scope, batch.id, (&VideoFilter::default(), &page)).await?.rows;
    let mut blocks = Vec::new();
    for rows in rows.chunks(BLOCK) {
        let ids: Vec<VideoId> = rows.iter().map(|row| row.id).collect();
        let marks = batches.marks(scope, &ids).await?;
        let marks = marks.into_iter().map(|row| (row.video_id, row.mark)).collect();
        blocks.push(VideoBlock::of(batch, rows, &marks));
    }
    Ok(blocks)
}

impl VideoBlock {
    fn of(batch: &Batch, rows: &[Video], marks: &HashMap<VideoId, Mark>) -> Self {
        let variables = batch.variables.as_array().into_iter().flatten();
        let names: Vec<String> =
            variables.filter_map(|name| name.as_str()).map(str::to_owned).collect();
        let mut known: HashMap<String, i32> = HashMap::new();
        let (mut texts, mut values) = (Vec::new(), Vec::with_capacity(rows.len() * names.len()));
        for row in rows {
            let bound: HashMap<String, String> = bound_values(batch, row).into_iter().collect();
            values.extend(names.iter().map(|name| {
                let Some(text) = bound.get(name) else { return NONE };
                *known.entry(text.clone()).or_insert_with(|| {
                    texts.push(text.clone());
                    i32::try_from(texts.len()).unwrap_or(i32::MAX) - 1
                })
            }));
        }
        Self {
            ids: rows.iter().map(|row| row.id.into()).collect(),
            ordinals: rows.iter().map(|row| int(row.ordinal)).collect(),
            states: rows.iter().map(|row| row.state.into()).collect(),
            revs: rows.iter().map(|row| row.rev.into()).collect(),
            marks: rows.iter().map(|row| marks.get(&row.id).copied().map(Into::into)).collect(),
            names,
            texts,
            values,
        }
    }
}
