//! Our values on PostgreSQL's wire.

use std::error::Error;

use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::value::Value;

/// The three types of columns.
fn known(of: &Type) -> bool {
    [Type::INT8, Type::TEXT, Type::BYTEA].contains(of)
}

impl ToSql for Value {
    fn to_sql(&self, of: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(number) => number.to_sql_checked(of, out),
            Value::Text(text) => text.to_sql_checked(of, out),
            Value::Blob(bytes) => bytes.to_sql_checked(of, out),
        }
    }

    fn accepts(of: &Type) -> bool {
        known(of)
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(of: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        match *of {
            Type::INT8 => i64::from_sql(of, raw).map(Value::Integer),
            Type::TEXT => String::from_sql(of, raw).map(Value::Text),
            _ => Vec::from_sql(of, raw).map(Value::Blob),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Value::Null)
    }

    fn accepts(of: &Type) -> bool {
        known(of)
    }
}
