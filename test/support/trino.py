"""Reads SQL as Athena's engine (Trino) would and answers the same in DuckDB's dialect, or refuses it.

One request a line of stdin: {"sql", "tables": {table: {column: type}}, "parameters": [SQL literal] or null}.
One answer a line of stdout: {"duckdb": "…"} or {"error": "CODE: sentence"}.
It refuses more than Trino does: also what both engines take and answer differently.
"""

import json
import re
import sys

from sqlglot import exp, parse, parse_one
from sqlglot.dialects import Athena
from sqlglot.errors import OptimizeError, SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.tokens import TokenType

# What our queries call: in both engines, with the same meaning.
CALLS = set(
    """abs avg cast coalesce concat count date_diff date_trunc floor greatest lag lead least length lower max min nullif
    rank replace round row_number substr sum try_cast upper""".split()
)
# Words Trino keeps for itself; the names of its functions are free.
RESERVED = set(
    """alter and as between by case cast constraint create cross cube current_date current_time current_timestamp current_user
    deallocate delete describe distinct drop else end escape except execute exists extract false for from full group grouping having
    in inner insert intersect into is join left like listagg localtime localtimestamp natural normalize not null on or order outer
    prepare recursive right rollup select skip table then trim true uescape union unnest using values when where with""".split()
)
LITERALS = {TokenType.STRING, TokenType.NUMBER, TokenType.TRUE, TokenType.FALSE, TokenType.NULL}
UNITS = {"second", "minute", "hour", "day", "month", "year"}
TYPES = exp.DataType.Type
KINDS = {
    "text": {TYPES.VARCHAR, TYPES.CHAR},
    "number": {TYPES.DOUBLE, TYPES.BIGINT, TYPES.INT, TYPES.SMALLINT, TYPES.TINYINT, TYPES.DECIMAL, TYPES.FLOAT},
    "time": {TYPES.DATE, TYPES.TIMESTAMP, TYPES.TIMESTAMPTZ},
    "boolean": {TYPES.BOOLEAN},
    "interval": {TYPES.INTERVAL},
}
CASTS = KINDS["text"] | KINDS["number"] | KINDS["time"] | KINDS["boolean"]
WHOLE = {TYPES.BIGINT, TYPES.INT, TYPES.SMALLINT, TYPES.TINYINT}


class Refused(Exception):
    pass


def syntax(what):
    return Refused(f"SYNTAX_ERROR: {what}")


def kind_of(node):
    name = node.type.this if node.type else None
    return next((kind for kind, types in KINDS.items() if name in types), None)


def check_tokens(sql):
    """Writing that Trino does not know; answers where the placeholders stand."""
    tokens = Athena().tokenize(sql)
    if not tokens or tokens[0].token_type not in (TokenType.SELECT, TokenType.WITH, TokenType.L_PAREN):
        raise syntax("not a select")
    following = tokens[1:] + [None]
    for token, after in zip(tokens, following):
        if token.token_type in (TokenType.DCOLON, TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.SEMICOLON, TokenType.QUALIFY):
            raise syntax(f"'{token.text}'")
        if token.text == "==":
            raise syntax("'=='")
        if token.token_type == TokenType.INTERVAL:
            unit = tokens[tokens.index(after) + 1]
            if after.token_type != TokenType.STRING or not re.fullmatch(r"\d+", after.text) or unit.text.lower() not in UNITS:
                raise syntax("an interval is written interval '2' day")
        if token.token_type in (TokenType.LEFT, TokenType.RIGHT) and after.token_type == TokenType.L_PAREN:
            raise Refused(f"FUNCTION_NOT_FOUND: {token.text}")
        is_call = after is not None and after.token_type == TokenType.L_PAREN and token.end + 1 == after.start
        if is_call and token.token_type == TokenType.VAR and token.text.lower() not in CALLS:
            raise Refused(f"FUNCTION_NOT_FOUND: {token.text}")
        if token.token_type == TokenType.COMMA and after is not None and after.token_type == TokenType.FROM:
            raise syntax("a comma before from")
    return [(token.start, token.end + 1) for token in tokens if token.token_type == TokenType.PLACEHOLDER]


def literal(text):
    """A parameter as one literal: anything that computes or names something is no value."""
    tokens = Athena().tokenize(text)
    signs = [token.token_type for token in tokens]
    value = signs[1:] if signs[:1] == [TokenType.DASH] else signs
    # A comment would swallow what stands after the place.
    if len(value) != 1 or value[0] not in LITERALS or any(token.comments for token in tokens):
        raise Refused("INVALID_PARAMETER_USAGE: a parameter is no literal")
    return text


def check_tree(tree):
    for node in tree.walk():
        if isinstance(node, exp.Placeholder) and node.find_ancestor(exp.Where) is None:
            raise Refused("INVALID_PARAMETER_USAGE: parameters stand in where alone")
        if isinstance(node, exp.Identifier) and not node.quoted and node.name.lower() in RESERVED:
            raise syntax(f"'{node.name}' is reserved")
        if isinstance(node, (exp.Anonymous, exp.ILike, exp.Array, exp.Struct, exp.Command)):
            raise syntax(node.sql())
        if isinstance(node, exp.Cast) and node.to.this not in CASTS and not isinstance(node.this, exp.Interval):
            raise Refused(f"TYPE_NOT_FOUND: {node.to.sql()}")
        if isinstance(node, exp.Group) and node.args.get("all"):
            raise syntax("group by all")
        if isinstance(node, exp.Distinct) and node.args.get("on"):
            raise syntax("distinct on")
        if isinstance(node, exp.SetOperation) and node.args.get("by_name"):
            raise syntax("union by name")
        if isinstance(node, exp.Star) and any(node.args.get(part) for part in ("except_", "except", "replace", "rename")):
            raise syntax("a star with exceptions")
        if isinstance(node, exp.Join) and node.kind not in ("", "INNER", "OUTER", "CROSS"):
            raise syntax(f"{node.kind} join")


def mismatch(*nodes):
    kinds = {kind for kind in map(kind_of, nodes) if kind}
    if len(kinds) > 1:
        raise Refused(f"TYPE_MISMATCH: {' and '.join(sorted(kinds))} in {nodes[0].parent.sql('athena')}")


def check_types(tree):
    """Trino casts nothing on its own; DuckDB does."""
    for node in tree.walk():
        if isinstance(node, (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)):
            mismatch(node.left, node.right)
        elif isinstance(node, exp.Between):
            mismatch(node.this, node.args["low"], node.args["high"])
        elif isinstance(node, exp.In):
            mismatch(node.this, *node.expressions)
        elif isinstance(node, exp.Coalesce):
            mismatch(node.this, *node.expressions)
        elif isinstance(node, exp.Case):
            results = [branch.args["true"] for branch in node.args["ifs"]]
            mismatch(*results, *([node.args["default"]] if node.args.get("default") else []))
        elif isinstance(node, exp.SetOperation):
            for pair in zip(node.left.selects, node.right.selects):
                mismatch(*pair)
        elif isinstance(node, (exp.Concat, exp.DPipe)):
            parts = node.expressions if isinstance(node, exp.Concat) else [node.left, node.right]
            if any(kind_of(part) not in (None, "text") for part in parts):
                raise Refused("TYPE_MISMATCH: only texts are joined")
        elif isinstance(node, (exp.Sum, exp.Avg)) and kind_of(node.this) not in (None, "number", "interval"):
            raise Refused("TYPE_MISMATCH: only numbers are added up")
        elif isinstance(node, exp.Div) and all(part.type and part.type.this in WHOLE for part in (node.left, node.right)):
            raise Refused("NOT_SUPPORTED: whole numbers are divided differently by DuckDB")
        elif isinstance(node, (exp.Add, exp.Sub)):
            kinds = [kind_of(node.left), kind_of(node.right)]
            days = [part.type and part.type.this == TYPES.DATE for part in (node.left, node.right)]
            if sorted(filter(None, kinds)) == ["number", "time"] or all(days):
                raise Refused("TYPE_MISMATCH: days are counted by date_diff and moved by an interval")


def as_trino_writes(node):
    """An instant as text, which DuckDB writes otherwise."""
    if isinstance(node, exp.Cast) and node.to.this == TYPES.VARCHAR and node.this.type and node.this.type.this == TYPES.TIMESTAMPTZ:
        return exp.Anonymous(this="strftime", expressions=[node.this, exp.Literal.string("%Y-%m-%d %H:%M:%S.%f UTC")])
    return node


def translate(sql, tables, parameters):
    places = check_tokens(sql)
    statements = parse(sql, read="athena")
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise syntax("one select is asked for")
    check_tree(statements[0])
    if parameters is not None:
        if len(parameters) != len(places):
            raise Refused(f"INVALID_PARAMETER_USAGE: expected {len(places)} parameters but found {len(parameters)}")
        for (start, end), value in reversed(list(zip(places, parameters))):
            sql = f"{sql[:start]}{literal(value)}{sql[end:]}"
    tree = parse_one(sql, read="athena")
    names = {cte.alias for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if table.name not in names and table.name not in tables:
            raise Refused(f"TABLE_NOT_FOUND: line 1:1: Table '{table.name}' does not exist")
    try:
        tree = qualify(tree, schema=tables, dialect="athena", expand_alias_refs=False, quote_identifiers=False)
    except OptimizeError as error:
        raise Refused(f"COLUMN_NOT_FOUND: {error}") from error
    tree = annotate_types(tree, schema=tables, dialect="athena")
    check_types(tree)
    return tree.transform(as_trino_writes).sql("duckdb")


for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"duckdb": translate(request["sql"], request["tables"], request.get("parameters"))}
    except Refused as refusal:
        answer = {"error": str(refusal)}
    except SqlglotError as error:
        answer = {"error": f"SYNTAX_ERROR: {error}"}
    print(json.dumps(answer), flush=True)
