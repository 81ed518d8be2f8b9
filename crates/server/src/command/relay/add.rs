use std::collections::BTreeMap;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{ArgAction, Args};
use url::Url;
use waymark_core::event::OrgId;
use waymark_core::sync::{BackendKind, Destination, SignIn};

use super::super::code::organisation;
use super::super::{CommandError, DataArgs, say};
use super::RelayError;
use crate::clock;
use crate::command::text_file::{self, STANDARD_INPUT};
use crate::relay::{KINDS, Relay, options_of, read_all, write_all};
use crate::secret;
use crate::storage::Storage;

const LONGEST_NAME: usize = 60;

#[derive(Debug, Args)]
pub struct Add {
    #[command(flatten)]
    data: DataArgs,
    /// The organisation, where there are several.
    #[arg(long)]
    org: Option<String>,
    /// What it speaks.
    #[arg(long, value_parser = kind_parser())]
    kind: BackendKind,
    /// What to call it, in lists, logs and metrics.
    #[arg(long)]
    name: String,
    /// As docs/BACKENDS.md has it for this kind.
    #[arg(long)]
    address: String,
    /// The user, or the id of an S3 access key.
    #[arg(long, default_value = "")]
    user: String,
    /// A file with the password, token or secret; - for standard input.
    #[arg(long, value_name = "FILE")]
    secret_file: Option<String>,
    /// A file with the key that a backend asks for beside it; - for standard input.
    #[arg(long, value_name = "FILE")]
    key_file: Option<String>,
    /// What only this kind of backend needs, such as bucket=records.
    #[arg(long = "option", value_name = "NAME=VALUE", value_parser = option, action = ArgAction::Append)]
    options: Vec<(String, String)>,
    /// Also send records that may name a source, and those that refer to them.
    #[arg(long)]
    protected: bool,
    /// Change the relay of this name: another sign-in for the same place, or another place, which gets everything.
    #[arg(long)]
    replace: bool,
}

fn kind_parser() -> impl clap::builder::TypedValueParser<Value = BackendKind> {
    PossibleValuesParser::new(KINDS.iter().map(|kind| kind.code()))
        .try_map(|code| BackendKind::from_code(&code).ok_or("no kind of backend"))
}

fn option(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err("an option such as bucket=records".to_owned()),
    }
}

impl Add {
    pub async fn run(self) -> Result<(), CommandError> {
        let destination = self.destination()?;
        let storage = self.data.open().await?;
        let added = self.add(&*storage, destination).await;
        storage.close().await;
        Ok(say(&added?)?)
    }

    async fn add(&self, storage: &dyn Storage, destination: Destination) -> Result<String, CommandError> {
        let org = organisation(storage, self.org.as_deref()).await?;
        let mut relays = read_all(storage).await?;
        let at = relays.iter().position(|relay| relay.org == org && relay.destination.name == self.name);
        let words = match at {
            Some(_) if !self.replace => return Err(RelayError::Exists(self.name.clone()).into()),
            Some(at) if self.is_same(&relays[at], &destination) => {
                relays[at].destination = destination;
                relays[at].retry = relays[at].retry.wrapping_add(1);
                "changed; it goes on where it was\n"
            }
            Some(at) => {
                relays[at] = self.fresh(org, destination)?;
                "changed; everything is sent there from the start\n"
            }
            None => {
                relays.push(self.fresh(org, destination)?);
                "added; everything is sent there from the start, by the server that runs\n"
            }
        };
        write_all(storage, &relays).await?;
        Ok(words.to_owned())
    }

    fn is_same(&self, relay: &Relay, destination: &Destination) -> bool {
        relay.destination.is_same_place(destination) && relay.protected == self.protected
    }

    fn fresh(&self, org: OrgId, destination: Destination) -> Result<Relay, CommandError> {
        let (id, added) = (secret::epoch()?, clock::now());
        Ok(Relay { id, org, destination, protected: self.protected, added, retry: 0 })
    }

    fn destination(&self) -> Result<Destination, RelayError> {
        let is_name = self.name.trim() == self.name && !self.name.chars().any(char::is_control);
        if !is_name || self.name.is_empty() || self.name.chars().count() > LONGEST_NAME {
            return Err(RelayError::Name);
        }
        let kind = self.kind;
        let known = options_of(kind);
        if let Some((option, _)) = self.options.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(RelayError::Option { kind: kind.code(), option: option.clone(), known });
        }
        let options: BTreeMap<_, _> = self.options.iter().cloned().collect();
        if kind == BackendKind::S3 && !options.contains_key("bucket") {
            return Err(RelayError::NoBucket);
        }
        let input = Some(STANDARD_INPUT);
        if self.secret_file.as_deref() == input && self.key_file.as_deref() == input {
            return Err(RelayError::OneInput);
        }
        Ok(Destination {
            kind,
            name: self.name.clone(),
            address: address(&self.address)?,
            sign_in: SignIn {
                user: self.user.clone(),
                secret: secret(self.secret_file.as_deref())?,
                key: secret(self.key_file.as_deref())?,
            },
            options,
            must: false,
        })
    }
}

/// Without a slash at its end.
fn address(text: &str) -> Result<String, RelayError> {
    let url =
        Url::parse(text).map_err(|_| RelayError::Address("an address such as https://odk.example.org"))?;
    let fault = match url.scheme() {
        "http" | "https" if !url.has_host() => "an address such as https://odk.example.org",
        "http" | "https" if !url.username().is_empty() || url.password().is_some() => {
            "give the user with --user and the password with --secret-file"
        }
        "http" | "https" if url.fragment().is_some() => "nothing after # is sent",
        "http" | "https" => return Ok(text.trim_end_matches('/').to_owned()),
        _ => "https, or http within your own network",
    };
    Err(RelayError::Address(fault))
}

/// Nothing without a file.
fn secret(file: Option<&str>) -> Result<String, RelayError> {
    Ok(file.map(text_file::read).transpose()?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_and_no_password() {
        for good in
            ["https://odk.example.org/v1/projects/7/", "http://10.0.0.7:8383", "https://a.example/?q=1"]
        {
            assert_eq!(address(good).unwrap(), good.trim_end_matches('/'));
        }
        for bad in [
            "odk.example.org",
            "ftp://a.example",
            "https://u:p@a.example",
            "https://u@a.example",
            "https://a.example/#x",
            "",
        ] {
            assert!(matches!(address(bad), Err(RelayError::Address(_))), "{bad}");
        }
    }

    #[test]
    fn an_option_has_a_name_and_a_value() {
        assert_eq!(option("bucket=a=b").unwrap(), ("bucket".to_owned(), "a=b".to_owned()));
        for bad in ["bucket", "=x", "bucket="] {
            assert!(option(bad).is_err(), "{bad}");
        }
    }
}
