locals {
  signing_keys = merge(
    { current = var.signing_keys.current },
    var.signing_keys.previous == null ? {} : { previous = var.signing_keys.previous },
  )

  # A key of the map edge.signing.keys stands between underscores in the environment.
  signing_environment = merge(
    { EDGE_SIGNING_ACTIVE = var.signing_keys.current.id },
    { for age, key in local.signing_keys : "EDGE_SIGNING_KEYS__${upper(key.id)}_" => data.aws_ssm_parameter.signing_key[age].value },
  )

  # What each needs besides its own log: the admin token, and prefixes of the bucket. A presigned request can do what its signer may.
  # download and warm write the catalog when the sources turn out to hold another object: it becomes another generation.
  needs = {
    download = { token = false, read = ["catalog", "objects"], write = ["catalog"], chunks = true }
    resolve  = { token = true, read = ["catalog"], write = [], chunks = false }
    publish  = { token = true, read = ["catalog", "objects"], write = ["catalog"], chunks = false }
    warm     = { token = true, read = ["catalog", "objects"], write = ["catalog"], chunks = true }
    presign  = { token = true, read = ["catalog", "objects"], write = [], chunks = false }
  }

  reads = {
    for name, need in local.needs : name => concat(need.read, need.chunks && var.share_chunks ? ["chunks"] : [])
  }
  writes = {
    for name, need in local.needs : name => concat(need.write, need.chunks && var.share_chunks ? ["chunks"] : [])
  }

  # An instance with 1 GB has room for this beside the JVM; Lambda runs one request at a time in it.
  memory_environment = {
    EDGE_CACHE_MEMORY_MAX_SIZE = "64M"
    EDGE_FILL_IN_FLIGHT_MAX    = "64M"
  }
}

data "aws_region" "current" {}

data "aws_ssm_parameter" "signing_key" {
  for_each        = local.signing_keys
  name            = each.value.parameter
  with_decryption = true
}

data "aws_ssm_parameter" "admin_token" {
  name            = var.admin_token_parameter
  with_decryption = true
}

resource "aws_cloudwatch_log_group" "function" {
  for_each          = var.functions
  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}

resource "aws_iam_role" "function" {
  for_each = var.functions
  name     = "${var.name}-${each.key}"
  tags     = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "function" {
  for_each = var.functions
  name     = each.key
  role     = aws_iam_role.function[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "Log"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = ["${aws_cloudwatch_log_group.function[each.key].arn}:*"]
        },
        {
          Sid      = "Read"
          Effect   = "Allow"
          Action   = ["s3:GetObject"]
          Resource = [for prefix in local.reads[each.key] : "${aws_s3_bucket.this.arn}/${prefix}/*"]
        },
        {
          # Without it S3 answers 403 instead of 404 for what is not there.
          Sid       = "TellMissing"
          Effect    = "Allow"
          Action    = ["s3:ListBucket"]
          Resource  = [aws_s3_bucket.this.arn]
          Condition = { StringLike = { "s3:prefix" = [for prefix in local.reads[each.key] : "${prefix}/*"] } }
        },
      ],
      [
        for prefixes in [local.writes[each.key]] : {
          Sid      = "Write"
          Effect   = "Allow"
          Action   = ["s3:PutObject"]
          Resource = [for prefix in prefixes : "${aws_s3_bucket.this.arn}/${prefix}/*"]
        } if length(prefixes) > 0
      ],
      [
        for key in compact([var.kms_key_arn]) : {
          Sid      = "Key"
          Effect   = "Allow"
          Action   = length(local.writes[each.key]) > 0 ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"]
          Resource = [key]
        }
      ],
    )
  })
}

resource "aws_lambda_function" "this" {
  for_each                       = var.functions
  function_name                  = "${var.name}-${each.key}"
  description                    = "edge-download: ${each.key}"
  role                           = aws_iam_role.function[each.key].arn
  filename                       = var.function_zip
  source_code_hash               = filebase64sha256(var.function_zip)
  runtime                        = var.runtime
  handler                        = var.runtime == "java25" ? "io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler::handleRequest" : "not.used.in.provided.runtime"
  architectures                  = [var.architecture]
  memory_size                    = each.value.memory_mb
  timeout                        = each.value.timeout_seconds
  reserved_concurrent_executions = each.value.reserved_concurrency
  kms_key_arn                    = var.kms_key_arn
  publish                        = true
  tags                           = var.tags

  environment {
    variables = merge(
      local.memory_environment,
      var.environment,
      var.runtime == "provided.al2023" ? { DISABLE_SIGNAL_HANDLERS = "true" } : {},
      var.share_chunks && local.needs[each.key].chunks ? { EDGE_S3_FILL = "true", EDGE_S3_FILL_BUCKET = aws_s3_bucket.this.id } : {},
      local.signing_environment,
      local.needs[each.key].token ? { EDGE_ADMIN_TOKEN = data.aws_ssm_parameter.admin_token.value } : {},
      {
        EDGE_FUNCTIONS         = each.key
        EDGE_ACCESS            = "signed"
        EDGE_CATALOG_TYPE      = "s3"
        EDGE_CATALOG_S3_BUCKET = aws_s3_bucket.this.id
        EDGE_S3_REGION         = data.aws_region.current.name
      },
    )
  }

  # The alarms read lines of text.
  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.function[each.key].name
  }

  depends_on = [aws_iam_role_policy.function]
}

# The provider itself lets the public in where the type is NONE.
resource "aws_lambda_function_url" "this" {
  for_each           = var.functions
  function_name      = aws_lambda_function.this[each.key].function_name
  authorization_type = each.value.authorization
  invoke_mode        = "BUFFERED"
}
