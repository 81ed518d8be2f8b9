//! Code lists: stable lower-case identifiers that an organisation's pack may extend.

/// Defines an enum over a code list. An unknown code is kept as `Other` and written back as it came: a phone that
/// is older than the pack must show it as itself and never drop it.
macro_rules! code_list {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A code this version does not know.
            Other(String),
        }

        impl $name {
            /// Every code this version knows, in the order people expect to see them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as it stands in records.
            pub fn code(&self) -> &str {
                match self {
                    $(Self::$variant => $code,)+
                    Self::Other(code) => code,
                }
            }

            /// Reads a code; never fails, since an unknown one is [`Self::Other`].
            pub fn from_code(code: &str) -> Self {
                match code {
                    $($code => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl $crate::json::Json for $name {
            fn from_value(value: &serde_json::Value) -> Result<Self, $crate::json::Fault> {
                value.as_str().map(Self::from_code).ok_or($crate::json::WRONG)
            }

            fn to_value(&self) -> serde_json::Value {
                self.code().into()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let code = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                Ok(Self::from_code(&code))
            }
        }
    };
}

pub(crate) use code_list;
