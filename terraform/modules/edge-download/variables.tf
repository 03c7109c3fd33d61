variable "name" {
  description = "What the names of all resources begin with."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 32 of a-z, 0-9 and -, begin with a letter and not end in a hyphen."
  }
}

variable "function_zip" {
  description = "Path of function.zip, as `mvn -Plambda package` makes it."
  type        = string

  validation {
    condition     = endswith(var.function_zip, ".zip")
    error_message = "function_zip must be the path of a .zip file."
  }
}

variable "runtime" {
  description = "`java25` for the zip of the JVM (needs version 6.20 of the provider), `provided.al2023` for the native one."
  type        = string
  default     = "java25"

  validation {
    condition     = contains(["java25", "provided.al2023"], var.runtime)
    error_message = "runtime must be java25 or provided.al2023."
  }
}

variable "architecture" {
  description = "The processor: `x86_64` or `arm64`. A native zip runs on the one it was built on only."
  type        = string
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture must be x86_64 or arm64."
  }
}

variable "functions" {
  description = "What to deploy, by name: `download`, `resolve`, `publish`, `warm`, `presign`. Each has memory in MB, a timeout and reserved concurrency (-1: none is reserved), and a function URL that is public (`NONE`) or asks for a signature of IAM (`AWS_IAM`)."
  type = map(object({
    memory_mb            = optional(number, 1024)
    timeout_seconds      = optional(number, 30)
    reserved_concurrency = optional(number, -1)
    authorization        = optional(string, "NONE")
  }))
  default = { download = {}, resolve = {}, publish = {} }

  validation {
    condition     = length(var.functions) > 0 && alltrue([for name in keys(var.functions) : contains(["download", "resolve", "publish", "warm", "presign"], name)])
    error_message = "functions must be some of download, resolve, publish, warm and presign; evict and limit change one instance only, so they are of no use on Lambda."
  }

  validation {
    condition     = alltrue([for f in values(var.functions) : f.memory_mb >= 512 && f.memory_mb <= 10240 && floor(f.memory_mb) == f.memory_mb])
    error_message = "memory_mb must be a whole number from 512 to 10240."
  }

  validation {
    condition     = alltrue([for f in values(var.functions) : f.timeout_seconds >= 3 && f.timeout_seconds <= 900 && floor(f.timeout_seconds) == f.timeout_seconds])
    error_message = "timeout_seconds must be a whole number from 3 to 900."
  }

  validation {
    condition     = alltrue([for f in values(var.functions) : f.reserved_concurrency >= -1 && floor(f.reserved_concurrency) == f.reserved_concurrency])
    error_message = "reserved_concurrency must be -1 or a whole number from 0."
  }

  validation {
    condition     = alltrue([for f in values(var.functions) : contains(["NONE", "AWS_IAM"], f.authorization)])
    error_message = "authorization must be NONE or AWS_IAM."
  }

  validation {
    condition     = alltrue([for name, f in var.functions : f.authorization == "NONE" || name == "download"])
    error_message = "authorization can be AWS_IAM for download only: the other functions need the field Authorization for the admin token."
  }
}

variable "signing_keys" {
  description = "The key that signs now and the one that did before, which is still accepted: for each an id and the name of the SecureString parameter that holds its secret (at least 32 bytes, base64url)."
  type = object({
    current  = object({ id = string, parameter = string })
    previous = optional(object({ id = string, parameter = string }))
  })

  validation {
    condition     = alltrue([for key in [var.signing_keys.current, var.signing_keys.previous] : key == null ? true : can(regex("^[a-z0-9]{1,32}$", key.id))])
    error_message = "The id of a signing key must be 1 to 32 of a-z and 0-9."
  }

  validation {
    condition     = alltrue([for key in [var.signing_keys.current, var.signing_keys.previous] : key == null ? true : can(regex("^/[A-Za-z0-9_./-]+$", key.parameter))])
    error_message = "The parameter of a signing key must be a name that begins with a slash."
  }

  validation {
    condition     = var.signing_keys.previous == null ? true : var.signing_keys.previous.id != var.signing_keys.current.id && var.signing_keys.previous.parameter != var.signing_keys.current.parameter
    error_message = "The current and the previous signing key must differ in id and parameter."
  }
}

variable "admin_token_parameter" {
  description = "Name of the SecureString parameter with the bearer token of `publish`, `resolve`, `warm` and `presign`."
  type        = string

  validation {
    condition     = can(regex("^/[A-Za-z0-9_./-]+$", var.admin_token_parameter))
    error_message = "admin_token_parameter must be a name that begins with a slash."
  }
}

variable "environment" {
  description = "More settings of the functions, as docs/configuration.md has them in upper case: `{ EDGE_FALLBACK_MODE = \"redirect\" }`. Not for secrets."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.environment) : can(regex("^(EDGE|QUARKUS|OTEL|JAVA_TOOL)_[A-Z0-9_]+$", name))])
    error_message = "environment must have names that begin with EDGE_, QUARKUS_, OTEL_ or JAVA_TOOL_."
  }

  validation {
    condition     = alltrue([for name in keys(var.environment) : !can(regex("^EDGE_(SIGNING_|ADMIN_|FUNCTIONS$|ACCESS$|CATALOG_|S3_)", name))])
    error_message = "environment must not set what the module sets: EDGE_FUNCTIONS, EDGE_ACCESS, EDGE_SIGNING_*, EDGE_ADMIN_*, EDGE_CATALOG_* and EDGE_S3_*."
  }
}

variable "share_chunks" {
  description = "Whether instances store verified chunks in the bucket for each other."
  type        = bool
  default     = true
}

variable "kms_key_arn" {
  description = "Key that the bucket, the logs and the environment are encrypted with; its policy must let CloudWatch Logs and the functions use it. Without one: keys of S3 and AWS."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null ? true : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key, not of an alias."
  }
}

variable "chunk_expiry_days" {
  description = "Days after which shared chunks are deleted."
  type        = number
  default     = 30

  validation {
    condition     = var.chunk_expiry_days >= 1 && floor(var.chunk_expiry_days) == var.chunk_expiry_days
    error_message = "chunk_expiry_days must be a whole number from 1."
  }
}

variable "noncurrent_version_days" {
  description = "Days for which replaced and deleted objects and manifests can be had back."
  type        = number
  default     = 30

  validation {
    condition     = var.noncurrent_version_days >= 1 && floor(var.noncurrent_version_days) == var.noncurrent_version_days
    error_message = "noncurrent_version_days must be a whole number from 1."
  }
}

variable "log_retention_days" {
  description = "Days for which logs are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be one that CloudWatch Logs has, such as 7, 14, 30, 90 or 365."
  }
}

variable "alarm_actions" {
  description = "ARNs of SNS topics that are told when an alarm begins and ends."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.alarm_actions : can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", arn))])
    error_message = "alarm_actions must be ARNs of SNS topics."
  }
}

variable "alarm_source_failure_percent" {
  description = "Failed loads of chunks from a source or S3, each 100 invocations of `download` over five minutes, above which there is an alarm."
  type        = number
  default     = 5

  validation {
    condition     = var.alarm_source_failure_percent > 0
    error_message = "alarm_source_failure_percent must be over 0; it can be over 100, for an invocation loads several chunks."
  }
}

variable "cloudfront" {
  description = "Whether a CloudFront distribution with origin access control stands in front of `download`, whose authorization must be AWS_IAM then."
  type        = bool
  default     = false

  validation {
    condition     = !var.cloudfront || try(var.functions["download"].authorization, "") == "AWS_IAM"
    error_message = "cloudfront needs the function download with authorization AWS_IAM, so that nobody can pass it by."
  }
}

variable "cloudfront_price_class" {
  description = "Where the distribution has its edges: `PriceClass_100`, `PriceClass_200` or `PriceClass_All`."
  type        = string
  default     = "PriceClass_100"

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.cloudfront_price_class)
    error_message = "cloudfront_price_class must be PriceClass_100, PriceClass_200 or PriceClass_All."
  }
}

variable "tags" {
  description = "Tags of all resources."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for key in keys(var.tags) : !startswith(lower(key), "aws:")])
    error_message = "tags must not begin with aws:, which AWS keeps for itself."
  }
}
