//! Who a token is for: RFC 7519, as the comments of deploy/postgrest/waymark.sql have it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::event::{DeviceId, OrgId, UserId};
use crate::json::Json as _;
use crate::json_struct;
use crate::rules::Role;

/// What the database takes the phone for. The phone only reads it: the database checks the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    pub org: OrgId,
    pub user: UserId,
    pub device: DeviceId,
    pub role: Role,
    /// None means everywhere.
    pub areas: Vec<String>,
}

json_struct!(Claims: required [org, user, device, role] listed [areas]);

/// The claims of a JSON Web Token: `waymark`, or the same within `app_metadata`, where Supabase keeps it. `None` for a
/// token that says nothing of the kind.
pub fn claims(token: &str) -> Option<Claims> {
    let body = token.trim().split('.').nth(1)?;
    let bytes = URL_SAFE_NO_PAD.decode(body.trim_end_matches('=')).ok()?;
    let value: Value = serde_json::from_str(str::from_utf8(&bytes).ok()?).ok()?;
    let own = value.get("waymark").or_else(|| value.get("app_metadata")?.get("waymark"))?;
    Claims::from_value(own).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn token(body: &Value) -> String {
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(body.to_string()))
    }

    #[test]
    fn a_token_says_who_it_is_for() {
        let own = json!({ "org": "acme", "user": "idriss", "device": "d1", "role": "traveller", "areas": ["East"] });
        let expected = Claims {
            org: "acme".into(),
            user: "idriss".into(),
            device: "d1".into(),
            role: Role::Traveller,
            areas: vec!["East".into()],
        };
        let plain = token(&json!({ "role": "waymark_user", "waymark": own }));
        assert_eq!(claims(&plain), Some(expected.clone()));
        let supabase = token(&json!({ "role": "authenticated", "app_metadata": { "waymark": own } }));
        assert_eq!(claims(&format!(" {supabase}\n")), Some(expected));
    }

    #[test]
    fn any_other_text_says_nothing() {
        let other = token(&json!({ "role": "anon" }));
        let lacking = token(&json!({ "waymark": { "org": "acme", "role": "traveller" } }));
        for text in ["", "abc", "a.b.c", &other, &lacking] {
            assert_eq!(claims(text), None, "{text}");
        }
    }
}
