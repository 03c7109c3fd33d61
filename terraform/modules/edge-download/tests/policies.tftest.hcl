# What the module makes, as it would be after apply; the provider is a mock, so nothing is asked of AWS.

mock_provider "aws" {
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::edge-test-1", id = "edge-test-1" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/edge-test", id = "edge-test" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/edge-test" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:eu-central-1:123456789012:function:edge-test" }
  }
  mock_resource "aws_lambda_function_url" {
    defaults = { url_id = "abc", function_url = "https://abc.lambda-url.eu-central-1.on.aws/" }
  }
  mock_resource "aws_cloudfront_distribution" {
    defaults = { arn = "arn:aws:cloudfront::123456789012:distribution/E1", domain_name = "d1.cloudfront.net" }
  }
  mock_data "aws_region" {
    defaults = { name = "eu-central-1" }
  }
  mock_data "aws_ssm_parameter" {
    defaults = { value = "c2VjcmV0" }
  }
}

variables {
  name         = "edge-test"
  function_zip = "tests/empty.zip"
  runtime      = "provided.al2023"

  functions = {
    download = { authorization = "AWS_IAM" }
    resolve  = {}
    publish  = {}
    warm     = { reserved_concurrency = 2, memory_mb = 2048, timeout_seconds = 900 }
    presign  = {}
  }
  signing_keys = {
    current  = { id = "k2", parameter = "/edge/k2" }
    previous = { id = "k1", parameter = "/edge/k1" }
  }
  admin_token_parameter = "/edge/token"
  kms_key_arn           = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  alarm_actions         = ["arn:aws:sns:eu-central-1:123456789012:alarms"]
  cloudfront            = true
}

run "keeps_the_bucket_private" {
  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "All four blocks of public access must stand."
  }

  assert {
    condition     = one(aws_s3_bucket_ownership_controls.this.rule).object_ownership == "BucketOwnerEnforced"
    error_message = "Access lists must be off."
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms"
    error_message = "The bucket must be encrypted with the key that was given."
  }

  assert {
    condition     = one(aws_s3_bucket_versioning.this.versioning_configuration).status == "Enabled"
    error_message = "Versions must be kept."
  }

  assert {
    condition     = one([for r in aws_s3_bucket_lifecycle_configuration.this.rule : r.expiration[0].days if r.id == "shared-chunks"]) == 30
    error_message = "Shared chunks must expire."
  }

  assert {
    condition     = alltrue([for r in aws_s3_bucket_lifecycle_configuration.this.rule : r.id == "shared-chunks" || length(r.expiration) == 0])
    error_message = "Nothing but shared chunks may expire."
  }
}

run "lets_nobody_in_without_tls" {
  assert {
    condition = jsondecode(aws_s3_bucket_policy.this.policy).Statement == [{
      Sid       = "TlsOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::edge-test-1", "arn:aws:s3:::edge-test-1/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
    error_message = "The bucket's policy must do one thing: refuse all that is not TLS."
  }
}

run "gives_each_function_a_role_of_its_own" {
  assert {
    condition     = toset([for role in aws_iam_role.function : role.name]) == toset(["edge-test-download", "edge-test-resolve", "edge-test-publish", "edge-test-warm", "edge-test-presign"])
    error_message = "Each function must have its own role."
  }

  assert {
    condition = alltrue([for role in aws_iam_role.function : jsondecode(role.assume_role_policy).Statement == [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]])
    error_message = "Lambda alone may take on a role."
  }
}

run "has_no_wildcards" {
  assert {
    condition = alltrue(flatten([for p in aws_iam_role_policy.function : [
      for s in jsondecode(p.policy).Statement : [for r in s.Resource : r != "*" && startswith(r, "arn:") && !endswith(r, ":::*")]
    ]]))
    error_message = "A policy must name its resources."
  }

  assert {
    condition = alltrue(flatten([for p in aws_iam_role_policy.function : [
      for s in jsondecode(p.policy).Statement : [for a in s.Action : !strcontains(a, "*")]
    ]]))
    error_message = "A policy must name its actions."
  }

  assert {
    condition = toset(flatten([for p in aws_iam_role_policy.function : [for s in jsondecode(p.policy).Statement : s.Action]])) == toset([
      "logs:CreateLogStream", "logs:PutLogEvents", "s3:GetObject", "s3:ListBucket", "s3:PutObject", "kms:Decrypt", "kms:GenerateDataKey",
    ])
    error_message = "The functions log, read and write objects, and use the key: nothing else."
  }
}

run "gives_each_function_only_the_prefixes_it_needs" {
  assert {
    condition = {
      for name, p in aws_iam_role_policy.function : name => one([for s in jsondecode(p.policy).Statement : s.Resource if s.Sid == "Read"])
      } == {
      download = ["arn:aws:s3:::edge-test-1/catalog/*", "arn:aws:s3:::edge-test-1/objects/*", "arn:aws:s3:::edge-test-1/chunks/*"]
      resolve  = ["arn:aws:s3:::edge-test-1/catalog/*"]
      publish  = ["arn:aws:s3:::edge-test-1/catalog/*", "arn:aws:s3:::edge-test-1/objects/*"]
      warm     = ["arn:aws:s3:::edge-test-1/catalog/*", "arn:aws:s3:::edge-test-1/objects/*", "arn:aws:s3:::edge-test-1/chunks/*"]
      presign  = ["arn:aws:s3:::edge-test-1/catalog/*", "arn:aws:s3:::edge-test-1/objects/*"]
    }
    error_message = "A function reads more or less than it needs."
  }

  assert {
    condition = {
      for name, p in aws_iam_role_policy.function : name => flatten([for s in jsondecode(p.policy).Statement : s.Resource if s.Sid == "Write"])
      } == {
      download = ["arn:aws:s3:::edge-test-1/catalog/*", "arn:aws:s3:::edge-test-1/chunks/*"]
      resolve  = []
      publish  = ["arn:aws:s3:::edge-test-1/catalog/*"]
      warm     = ["arn:aws:s3:::edge-test-1/catalog/*", "arn:aws:s3:::edge-test-1/chunks/*"]
      presign  = []
    }
    error_message = "resolve and presign write nothing, only download and warm write chunks, and nobody writes objects."
  }

  assert {
    condition = alltrue([for name, p in aws_iam_role_policy.function :
    alltrue([for s in jsondecode(p.policy).Statement : s.Sid == "TellMissing" ? length(s.Condition.StringLike["s3:prefix"]) > 0 : true])])
    error_message = "Listing must be kept to prefixes."
  }
}

run "writes_no_chunks_when_they_are_not_shared" {
  variables {
    share_chunks = false
    kms_key_arn  = null
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.function["download"].policy, "chunks/")
    error_message = "Without shared chunks download must neither read nor write them."
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.function["download"].policy, "kms:")
    error_message = "Without a key there is nothing to decrypt."
  }

  assert {
    condition     = !contains(keys(aws_lambda_function.this["download"].environment[0].variables), "EDGE_S3_FILL")
    error_message = "Without shared chunks the function must not fill."
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "Without a key S3 encrypts with its own."
  }
}

run "sets_up_each_function" {
  assert {
    condition     = alltrue([for name, f in aws_lambda_function.this : f.environment[0].variables.EDGE_FUNCTIONS == name && f.environment[0].variables.EDGE_ACCESS == "signed"])
    error_message = "A function exposes itself alone, for signatures."
  }

  assert {
    condition     = aws_lambda_function.this["warm"].memory_size == 2048 && aws_lambda_function.this["warm"].timeout == 900 && aws_lambda_function.this["warm"].reserved_concurrent_executions == 2
    error_message = "Memory, timeout and concurrency must be those of the map."
  }

  assert {
    condition     = aws_lambda_function.this["resolve"].memory_size == 1024 && aws_lambda_function.this["resolve"].timeout == 30 && aws_lambda_function.this["resolve"].reserved_concurrent_executions == -1
    error_message = "Defaults must hold."
  }

  assert {
    condition     = alltrue([for f in aws_lambda_function.this : f.kms_key_arn == var.kms_key_arn && f.logging_config[0].log_format == "Text"])
    error_message = "The environment is encrypted with the key, and logs are text."
  }

  assert {
    condition     = alltrue([for g in aws_cloudwatch_log_group.function : g.retention_in_days == 30 && g.kms_key_id == var.kms_key_arn])
    error_message = "Logs must end and be encrypted."
  }
}

run "accepts_two_keys_and_signs_with_the_current_one" {
  assert {
    condition = alltrue([for f in aws_lambda_function.this :
      f.environment[0].variables.EDGE_SIGNING_ACTIVE == "k2" && toset([for n in keys(f.environment[0].variables) : n if startswith(n, "EDGE_SIGNING_KEYS_")]) == toset(["EDGE_SIGNING_KEYS__K1_", "EDGE_SIGNING_KEYS__K2_"])
    ])
    error_message = "Both keys are accepted, the current one signs."
  }

  assert {
    condition     = !contains(keys(aws_lambda_function.this["download"].environment[0].variables), "EDGE_ADMIN_TOKEN") && contains(keys(aws_lambda_function.this["publish"].environment[0].variables), "EDGE_ADMIN_TOKEN")
    error_message = "Download has no use for the admin token; publish has."
  }
}

run "puts_cloudfront_alone_before_download" {
  assert {
    condition     = aws_lambda_function_url.this["download"].authorization_type == "AWS_IAM" && aws_lambda_function_url.this["publish"].authorization_type == "NONE"
    error_message = "Download asks for IAM, publish for the token."
  }

  assert {
    condition     = alltrue([for p in aws_lambda_permission.cloudfront : p.principal == "cloudfront.amazonaws.com" && p.source_arn == "arn:aws:cloudfront::123456789012:distribution/E1"])
    error_message = "Only this distribution may invoke download."
  }

  assert {
    condition     = toset([for p in aws_lambda_permission.cloudfront : p.action]) == toset(["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"])
    error_message = "A function URL asks for both permissions."
  }

  assert {
    condition     = aws_cloudfront_origin_access_control.this[0].signing_behavior == "always" && aws_cloudfront_distribution.this[0].default_cache_behavior[0].viewer_protocol_policy == "https-only"
    error_message = "CloudFront signs always and speaks TLS only."
  }

  assert {
    condition     = output.download_url == "https://d1.cloudfront.net/"
    error_message = "Downloads go to CloudFront."
  }
}

run "does_without_cloudfront" {
  variables {
    cloudfront = false
  }

  assert {
    condition     = length(aws_cloudfront_distribution.this) == 0 && length(aws_lambda_permission.cloudfront) == 0 && output.download_url == "https://abc.lambda-url.eu-central-1.on.aws/"
    error_message = "Without CloudFront downloads go to the function URL."
  }
}

run "alarms" {
  assert {
    condition = toset([for a in aws_cloudwatch_metric_alarm.lambda : "${a.alarm_name} ${a.metric_name}"]) == toset(flatten([
      for f in ["download", "resolve", "publish", "warm", "presign"] : ["edge-test-${f}-errors Errors", "edge-test-${f}-throttles Throttles"]
    ]))
    error_message = "Each function has alarms of errors and throttles."
  }

  assert {
    condition     = keys(aws_cloudwatch_metric_alarm.log) == ["download/breaker-open", "download/degraded", "warm/breaker-open", "warm/degraded"]
    error_message = "What loads chunks has alarms of breakers and of the degraded mode."
  }

  assert {
    condition     = alltrue([for id, a in aws_cloudwatch_metric_alarm.log : a.namespace == "edge-download/edge-test" && a.metric_name == replace(id, "/", "-")])
    error_message = "An alarm must look at its filter's metric."
  }

  assert {
    condition     = keys(aws_cloudwatch_metric_alarm.source_failures) == ["download", "warm"]
    error_message = "What loads chunks has an alarm of failing sources."
  }

  assert {
    condition = alltrue([for a in concat(
      values(aws_cloudwatch_metric_alarm.lambda), values(aws_cloudwatch_metric_alarm.log), values(aws_cloudwatch_metric_alarm.source_failures)
    ) : a.alarm_actions == toset(var.alarm_actions) && a.treat_missing_data == "notBreaching"])
    error_message = "Alarms tell the topics, and silence is no alarm."
  }
}

# A filter whose words nobody writes would never count: each word of each pattern is looked for in what writes the line.
run "filters_match_what_is_written" {
  assert {
    condition = {
      for id, f in aws_cloudwatch_log_metric_filter.this : id => f.pattern if startswith(id, "download/")
      } == {
      "download/breaker-open"   = "\"[BreakerEvents] breaker of\" \": open, was\""
      "download/degraded"       = "\"degraded:\" \"can be loaded neither from its sources nor from S3\""
      "download/source-failure" = "\"[ChunkFetch]\" \" chunk \" \" from \""
    }
    error_message = "The filters have other words."
  }

  assert {
    condition     = length(aws_cloudwatch_log_metric_filter.this) > 0 && strcontains(file("../../../functions/edge/src/main/java/io/edgedownload/edge/BreakerEvents.java"), "\"breaker of %s: %s, was %s: %s\"")
    error_message = "BreakerEvents writes other words than breaker-open looks for."
  }

  assert {
    condition     = length(aws_cloudwatch_log_metric_filter.this) > 0 && strcontains(file("../../../functions/edge/src/main/java/io/edgedownload/edge/OutageEvents.java"), "\"degraded: %s can be loaded neither from its sources nor from S3 (%s);")
    error_message = "OutageEvents writes other words than degraded looks for."
  }

  assert {
    condition     = length(aws_cloudwatch_log_metric_filter.this) > 0 && strcontains(file("../../../functions/engine/src/main/java/io/edgedownload/engine/ChunkFetch.java"), "\"%s chunk %d of %s from %s://%s%s: %s\"")
    error_message = "ChunkFetch writes other words than source-failure looks for."
  }

  assert {
    condition     = length(aws_cloudwatch_log_metric_filter.this) > 0 && strcontains(file("../../../functions/edge/src/main/resources/application.properties"), "quarkus.log.console.format=%d{HH:mm:ss.SSS} %-5p [%c{1}] %s%e%n")
    error_message = "The log has another form than the filters look for."
  }
}

# README.md's tables are held to the module: each variable and output has a row, and each row a variable or output.
run "readme_tells_all" {
  assert {
    condition     = length(output.function_urls) > 0 && flatten(regexall("(?m)^variable \"([a-z_]+)\"", file("variables.tf"))) == flatten(regexall("(?m)^\\| <a name=\"input_([a-z_]+)\"", file("README.md")))
    error_message = "The inputs of README.md are not those of variables.tf, in their order."
  }

  assert {
    condition     = length(output.function_urls) > 0 && flatten(regexall("(?m)^output \"([a-z_]+)\"", file("outputs.tf"))) == flatten(regexall("(?m)^\\| <a name=\"output_([a-z_]+)\"", file("README.md")))
    error_message = "The outputs of README.md are not those of outputs.tf, in their order."
  }

  assert {
    condition = length(output.function_urls) > 0 && alltrue([
      for description in flatten(regexall("(?m)^  description += +\"(.*)\"$", "${file("variables.tf")}${file("outputs.tf")}")) :
      strcontains(file("README.md"), replace(description, "\\\"", "\""))
    ])
    error_message = "README.md describes an input or output in other words."
  }
}
