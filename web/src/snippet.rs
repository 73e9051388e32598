//! A form as code: the same two requests, price then launch, in four languages.
//!
//! The input is one JSON value that every language takes as it is, so that the code cannot say
//! something else than the form.

use serde_json::Value;

/// A language code is shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// A shell.
    Curl,
    /// TypeScript.
    TypeScript,
    /// Python.
    Python,
    /// Rust.
    Rust,
}

const QUOTE: &str = "mutation ($input: CreateQuoteInput!) { createQuote(input: $input) { quote { id videoCount total } } }";
const LAUNCH: &str =
    "mutation ($input: LaunchBatchInput!) { launchBatch(input: $input) { batch { id } } }";

impl Dialect {
    /// Every language.
    pub const ALL: [Self; 4] = [Self::Curl, Self::TypeScript, Self::Python, Self::Rust];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::TypeScript => "TypeScript",
            Self::Python => "Python",
            Self::Rust => "Rust",
        }
    }

    /// The code for a quote of `quote` and a launch of it with the other fields of `launch`.
    #[must_use]
    pub fn write(self, address: &str, quote: &Value, launch: &Value) -> String {
        let quote = pretty(quote);
        let launch = pretty(launch);
        match self {
            Self::Curl => curl(address, &quote, &launch),
            Self::TypeScript => typescript(address, &quote, &launch),
            Self::Python => python(address, &quote, &launch),
            Self::Rust => rust(address, &quote, &launch),
        }
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// In single quotes of a shell.
fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn curl(address: &str, quote: &str, launch: &str) -> String {
    let (quote, launch) = (shell(quote), shell(launch));
    format!(
        r#"# Sign in once: curl -c cookies … signIn. jq puts the pieces together.
ask() {{
  jq -n --arg query "$1" --argjson input "$2" '{{query: $query, variables: {{input: $input}}}}' |
    curl -sS {address}/graphql -b cookies -H 'X-Reelmill-Request: 1' \
      -H 'Content-Type: application/json' --data-binary @-
}}
QUOTE=$(ask '{QUOTE}' {quote} |
  jq -r .data.createQuote.quote.id)
ask '{LAUNCH}' "$(jq -n --argjson rest {launch} --arg id "$QUOTE" \
  '$rest + {{quoteId: $id, idempotencyKey: $id}}')"
"#
    )
}

fn typescript(address: &str, quote: &str, launch: &str) -> String {
    format!(
        r#"async function ask(query: string, input: object) {{
  const answer = await fetch("{address}/graphql", {{
    method: "POST",
    headers: {{
      "Content-Type": "application/json",
      "X-Reelmill-Request": "1",
      Cookie: `reelmill_session=${{process.env.REELMILL_SESSION}}`,
    }},
    body: JSON.stringify({{ query, variables: {{ input }} }}),
  }});
  const {{ data, errors }} = await answer.json();
  if (errors) throw new Error(errors[0].extensions.code + ": " + errors[0].message);
  return data;
}}

const {{ createQuote }} = await ask(
  `{QUOTE}`,
  {quote},
);
const id = createQuote.quote.id;
const {{ launchBatch }} = await ask(
  `{LAUNCH}`,
  {{ ...{launch}, quoteId: id, idempotencyKey: id }},
);
console.log(launchBatch.batch.id);
"#
    )
}

fn python(address: &str, quote: &str, launch: &str) -> String {
    format!(
        r#"import json, os, requests

def ask(query, input):
    answer = requests.post(
        "{address}/graphql",
        json={{"query": query, "variables": {{"input": input}}}},
        headers={{"X-Reelmill-Request": "1"}},
        cookies={{"reelmill_session": os.environ["REELMILL_SESSION"]}},
    ).json()
    if answer.get("errors"):
        raise RuntimeError(answer["errors"][0]["message"])
    return answer["data"]

quote = ask(
    "{QUOTE}",
    json.loads(r"""{quote}"""),
)["createQuote"]["quote"]
launch = json.loads(r"""{launch}""")
batch = ask(
    "{LAUNCH}",
    launch | {{"quoteId": quote["id"], "idempotencyKey": quote["id"]}},
)["launchBatch"]["batch"]
print(batch["id"])
"#
    )
}

fn rust(address: &str, quote: &str, launch: &str) -> String {
    format!(
        r######"// reqwest with `json`, serde_json, tokio
use serde_json::{{Value, json}};

async fn ask(query: &str, input: Value) -> Result<Value, Box<dyn std::error::Error>> {{
    let session = std::env::var("REELMILL_SESSION")?;
    let answer: Value = reqwest::Client::new()
        .post("{address}/graphql")
        .header("X-Reelmill-Request", "1")
        .header("Cookie", format!("reelmill_session={{session}}"))
        .json(&json!({{ "query": query, "variables": {{ "input": input }} }}))
        .send().await?.json().await?;
    match answer["errors"][0]["message"].as_str() {{
        Some(words) => Err(words.into()),
        None => Ok(answer["data"].clone()),
    }}
}}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {{
    let quote = ask(
        "{QUOTE}",
        serde_json::from_str(r#####"{quote}"#####)?,
    ).await?;
    let id = &quote["createQuote"]["quote"]["id"];
    let mut launch: Value = serde_json::from_str(r#####"{launch}"#####)?;
    launch["quoteId"] = id.clone();
    launch["idempotencyKey"] = id.clone();
    let batch = ask("{LAUNCH}", launch).await?;
    println!("{{}}", batch["launchBatch"]["batch"]["id"]);
    Ok(())
}}
"######
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_language_holds_the_whole_input() {
        let quote = json!({ "workspaceId": "wks_1", "selection": { "lists": ["it's"] } });
        let launch = json!({ "workspaceId": "wks_1", "pilot": { "maxVideos": 3 } });
        for dialect in Dialect::ALL {
            let text = dialect.write("http://127.0.0.1:8787", &quote, &launch);
            for part in ["wks_1", "maxVideos", "createQuote", "idempotencyKey", "/graphql"] {
                assert!(text.contains(part), "{} lacks {part}", dialect.name());
            }
        }
    }

    #[test]
    fn a_quote_sign_does_not_end_the_shells_text() {
        assert_eq!(shell("it's"), r"'it'\''s'");
    }
}
