//! Quote, launch, and what the API says afterwards.

use serde_json::{Value, json};

use crate::api::{Client, queries};
use crate::campaign::{self, Campaign};
use crate::failure::Failure;
use crate::{run, step};

/// Videos asked for at once.
const PAGE: i64 = 50;

/// A batch under way and what its quote said.
pub struct Launched {
    /// Its id.
    pub batch: String,
    /// How many videos.
    pub videos: i64,
    /// Credits for one.
    pub price_per_video: i64,
    /// Credits available before the launch.
    pub available_before: i64,
}

/// Plan and wallet.
pub struct Standing {
    /// Plan code.
    pub plan: String,
    /// Credits that can be spent.
    pub available: i64,
    /// Credits frozen.
    pub held: i64,
}

/// A batch's state and books.
pub struct Settled {
    /// Its state.
    pub state: String,
    /// Videos delivered.
    pub delivered: i64,
    /// Credits still frozen for it.
    pub held: i64,
    /// Credits charged.
    pub captured: i64,
}

/// One video as the API shows it.
pub struct Video {
    /// Its id.
    pub id: String,
    /// Its place in the batch, from 0.
    pub ordinal: i64,
    /// Names and values it was made of.
    pub values: Vec<(String, String)>,
    /// Its state.
    pub state: String,
    /// Why it failed.
    pub error: Option<String>,
    /// Its file, if delivered.
    pub asset: Option<Asset>,
}

/// What the API says about a file.
pub struct Asset {
    /// Length, bytes.
    pub bytes: i64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// Template, quote, launch.
///
/// # Errors
/// The server refuses.
pub fn launch(
    client: &mut Client,
    workspace: &str,
    campaign: &Campaign,
) -> Result<Launched, Failure> {
    let selection = run::selection(client, campaign)?;
    let template = step::step(&format!("making the template “{}”", campaign.name), || {
        run::create_template(client, workspace, (campaign, &selection))
    })?;
    let quote = step::step("asking for a quote", || {
        quote(client, workspace, (&template, campaign, &selection))
    })?;
    let videos = number(&quote["videoCount"])?;
    let price_per_video = number(&quote["pricePerVideo"])?;
    let total = number(&quote["total"])?;
    step::note(&format!("{videos} videos × {price_per_video} = {total} credits"));
    let available_before = standing(client, workspace)?.available;
    let batch = step::step("launching", || {
        let key = format!("demo-{}", std::process::id());
        let input = json!({ "workspaceId": workspace, "quoteId": quote["id"],
            "name": campaign.name, "idempotencyKey": key });
        let data = client.run(queries::LAUNCH, json!({ "input": input }))?;
        text(&data["launchBatch"]["batch"]["id"])
    })?;
    Ok(Launched { batch, videos, price_per_video, available_before })
}

fn quote(
    client: &mut Client,
    workspace: &str,
    (template, campaign, selection): (&str, &Campaign, &Value),
) -> Result<Value, Failure> {
    let input = json!({ "workspaceId": workspace, "templateId": template,
        "selection": selection, "model": campaign.model, "seconds": campaign.seconds,
        "aspect": campaign::aspect_word(&campaign.aspect)?,
        "resolution": format!("P{}", campaign.resolution.trim_end_matches('p')), "seed": campaign.seed });
    let mut data = client.run(queries::CREATE_QUOTE, json!({ "input": input }))?;
    Ok(data["createQuote"]["quote"].take())
}

/// Plan and wallet of a workspace.
///
/// # Errors
/// The server refuses.
pub fn standing(client: &mut Client, workspace: &str) -> Result<Standing, Failure> {
    let data = client.run(queries::STANDING, json!({ "workspace": workspace }))?;
    let (plan, wallet) = (&data["workspace"]["plan"], &data["workspace"]["wallet"]);
    Ok(Standing {
        plan: text(&plan["code"])?,
        available: number(&wallet["available"])?,
        held: number(&wallet["held"])?,
    })
}

/// A batch's state and books.
///
/// # Errors
/// The server refuses.
pub fn settled(
    client: &mut Client,
    workspace: &str,
    launched: &Launched,
) -> Result<Settled, Failure> {
    let ids = json!({ "workspace": workspace, "batch": launched.batch });
    let data = client.run(queries::BATCH, ids)?;
    let batch = &data["workspace"]["batch"];
    Ok(Settled {
        state: text(&batch["state"])?,
        delivered: number(&batch["counts"]["delivered"])?,
        held: number(&batch["credits"]["held"])?,
        captured: number(&batch["credits"]["captured"])?,
    })
}

/// Every video of a batch, page by page.
///
/// # Errors
/// The server refuses.
pub fn videos(
    client: &mut Client,
    workspace: &str,
    launched: &Launched,
) -> Result<Vec<Video>, Failure> {
    let mut videos = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = json!({ "workspace": workspace, "batch": launched.batch,
            "first": PAGE, "after": after });
        let data = client.run(queries::VIDEOS, page)?;
        let page = &data["workspace"]["batch"]["videos"];
        for node in page["nodes"].as_array().into_iter().flatten() {
            videos.push(video(node)?);
        }
        if page["pageInfo"]["hasNextPage"] != true {
            return Ok(videos);
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

fn video(node: &Value) -> Result<Video, Failure> {
    let values = node["values"].as_array().into_iter().flatten();
    let asset = &node["asset"];
    Ok(Video {
        id: text(&node["id"])?,
        ordinal: number(&node["ordinal"])?,
        values: values
            .map(|pair| Ok((text(&pair["name"])?, text(&pair["value"])?)))
            .collect::<Result<_, Failure>>()?,
        state: text(&node["state"])?,
        error: node["error"]["message"].as_str().map(str::to_owned),
        asset: match asset.is_null() {
            true => None,
            false => {
                Some(Asset { bytes: number(&asset["bytes"])?, sha256: text(&asset["sha256"])? })
            }
        },
    })
}

/// A number of the API's answer.
///
/// # Errors
/// It is none.
pub fn number(value: &Value) -> Result<i64, Failure> {
    // A scalar wider than 32 bits may travel as text.
    let read = value.as_i64().or_else(|| value.as_str()?.parse().ok());
    read.ok_or_else(|| Failure::new(format!("the API's answer has `{value}` for a number")))
}

fn text(value: &Value) -> Result<String, Failure> {
    let words = || Failure::new(format!("the API's answer has `{value}` for a text"));
    value.as_str().map(str::to_owned).ok_or_else(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_video_without_a_file_is_read_too() {
        let node = json!({ "id": "vid_1", "ordinal": 3, "values": [{"name": "a", "value": "x"}],
            "state": "FAILED", "error": {"code": "C", "message": "why"}, "asset": null });
        let video = video(&node).unwrap();
        assert_eq!((video.ordinal, video.error.as_deref()), (3, Some("why")));
        assert_eq!(video.values, [("a".to_owned(), "x".to_owned())]);
        assert!(video.asset.is_none());
    }

    #[test]
    fn numbers_travel_as_numbers_or_text() {
        assert_eq!(number(&json!(7)).unwrap(), 7);
        assert_eq!(number(&json!("9007199254740993")).unwrap(), 9_007_199_254_740_993);
        assert!(number(&json!(null)).is_err());
    }
}
